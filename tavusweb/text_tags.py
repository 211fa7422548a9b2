"""Template filters about text: `{% load text %}`."""

from django import template
from django.http import HttpRequest

from tavusweb import failures, text_policy

register = template.Library()


@register.filter
def initial(name: str) -> str:
    """Return the first visible character."""
    return text_policy.initial(str(name))


@register.filter
def typed_in(request: HttpRequest | None) -> failures.Typed | None:
    """Return the content of a rejected form."""
    return failures.typed_in(request) if request else None
