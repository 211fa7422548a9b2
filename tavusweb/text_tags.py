"""Template filters about text: `{% load text %}`."""

from django import template

from tavusweb import text_policy

register = template.Library()


@register.filter
def initial(name: str) -> str:
    """The first visible character."""
    return text_policy.initial(str(name))
