from allauth.account.adapter import get_adapter
from django import template
from django.template import Context

from .. import adapters
from ..browsers import browser

register = template.Library()

register.filter("browser", browser)


@register.simple_tag(takes_context=True)
def may_sign_up(context: Context) -> bool:
    """Whether anyone can create an account without an invitation."""
    request = context["request"]
    return bool(get_adapter(request).is_open_for_signup(request))


@register.simple_tag
def sends_mail() -> bool:
    return adapters.sends_mail()
