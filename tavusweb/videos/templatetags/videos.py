"""Filters for a video's numbers, images and events."""

import math
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import media_urls, timeline
from ..estimates import estimate
from ..models import Video, VideoEvent

register = template.Library()


@register.filter
def duration(seconds: float) -> str:
    """A length for people: `42 s`, `1 min 20 s`."""
    minutes, rest = divmod(round(seconds), 60)
    values = {"minutes": minutes, "seconds": rest}
    return (_("%(minutes)d min %(seconds)d s") if minutes else _("%(seconds)d s")) % values


@register.filter
def time_until(moment: datetime, now: datetime) -> str:
    """The time until a moment, to the second within the last minute: `25 seconds`, `5 minutes`."""
    seconds = max(math.ceil((moment - now).total_seconds()), 1)
    if seconds < 60:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    return timeuntil(moment, now, depth=1)


@register.filter
def time_left(video: Video) -> str:
    """The estimated time left; "" when unknown."""
    return str(estimate(video, at=timezone.now()) or "")


@register.filter
def still(video: Video) -> str:
    return media_urls.still_url(video)


@register.simple_tag
def frame_sandbox(embed_url: str) -> str:
    may = media_urls.frame_sandbox(embed_url)
    return format_html(' sandbox="{}"', may) if may else ""


@register.filter
def gif(video: Video) -> str:
    return media_urls.gif_url(video)


@register.filter
def event_sentence(event: VideoEvent) -> str:
    return timeline.sentence(event.kind, event.data, name=event.actor.display_name if event.actor else "")


@register.filter
def event_details(event: VideoEvent) -> list[str]:
    return timeline.details(event.data)
