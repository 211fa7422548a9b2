"""The card of a video's captions."""

from typing import Any

from django import template

from ..forms.captions import CaptionForm
from ..models import Video

register = template.Library()


@register.inclusion_tag("videos/_captions_card.html", takes_context=True)
def captions_card(context: dict[str, Any]) -> dict[str, Any]:
    """The captions of the page's `video`, and the form for more: the refused one of `extra_form`, if any."""
    video: Video = context["video"]
    refused = context.get("extra_form")
    return {
        "workspace": context["workspace"],
        "video": video,
        "can": context["can"],
        "csrf_token": context.get("csrf_token"),
        "captions": video.captions.defer("content").select_related("saved_by"),
        "form": refused if isinstance(refused, CaptionForm) else CaptionForm(),
    }
