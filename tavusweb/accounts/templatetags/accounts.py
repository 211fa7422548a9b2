from allauth.account.adapter import get_adapter
from django import template
from django.template import Context

from .. import adapters

register = template.Library()

# The first that is found counts: most browsers also claim to be others.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@register.simple_tag(takes_context=True)
def may_sign_up(context: Context) -> bool:
    """Whether somebody can make an account without an invitation."""
    request = context["request"]
    return bool(get_adapter(request).is_open_for_signup(request))


@register.simple_tag
def sends_mail() -> bool:
    return adapters.sends_mail()


@register.filter
def browser(user_agent: str) -> str:
    """A browser as a person knows it: "Firefox on Windows"; what it says of itself when that is nothing we know."""
    found = [next((name for mark, name in marks if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    return " on ".join(filter(None, found)) or user_agent or "Unknown browser"
