"""How a video's numbers and pictures are written in a page."""

from django import template
from django.utils import timezone

from .. import media_urls
from ..estimates import estimate
from ..models import Video

register = template.Library()


@register.filter
def duration(seconds: float) -> str:
    """A length in words that anybody reads: `42 s`, `1 min 20 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@register.filter
def time_left(video: Video) -> str:
    """When it will probably be ready; "" when nothing is known."""
    return str(estimate(video, at=timezone.now()) or "")


@register.filter
def still(video: Video) -> str:
    return media_urls.still_url(video)


@register.filter
def gif(video: Video) -> str:
    return media_urls.gif_url(video)
