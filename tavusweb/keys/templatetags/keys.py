from django import template

from tavusweb.http import known_media

register = template.Library()
register.filter("known_media", known_media)
