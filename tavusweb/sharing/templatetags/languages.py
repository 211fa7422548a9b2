"""The switch of languages at the foot of a share page."""

from functools import cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def language_switch() -> SafeString:
    return _switch(get_language() or settings.LANGUAGE_CODE)


@cache  # it is the same on every page
def _switch(language: str) -> SafeString:
    return render_to_string("sharing/_languages.html", {"language": language, "languages": settings.LANGUAGES})
