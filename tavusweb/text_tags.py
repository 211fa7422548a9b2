"""Template filters about text: `{% load text %}`."""

from django import template
from django.http import HttpRequest

from tavusweb import failures, text_policy

register = template.Library()


@register.filter
def initial(name: str) -> str:
    """The first visible character."""
    return text_policy.initial(str(name))


@register.filter
def typed_in(request: HttpRequest | None) -> failures.Typed | None:
    """What was typed into the form that a page refuses."""
    return failures.typed_in(request) if request else None
