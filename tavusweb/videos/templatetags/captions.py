"""The card of a video's captions."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from tavusweb.kept_parts import kept_card, shown_values

from ..along import may_have
from ..forms.captions import CaptionForm
from ..models import Video

register = template.Library()


@register.simple_tag(takes_context=True)
def captions_card(context: dict[str, Any]) -> SafeString:
    """The captions of the page's `video`, and the form for more: the refused one of `extra_form`, if any."""
    video: Video = context["video"]
    extra, can = context.get("extra_form"), context["can"]
    refused = extra if isinstance(extra, CaptionForm) else None
    rows = video.captions.defer("content").select_related("saved_by") if may_have(video, "has_captions") else []
    captions = list(rows)

    def build() -> dict[str, Any]:
        form = refused or CaptionForm()
        return {"workspace": context["workspace"], "video": video, "can": can, "captions": captions, "form": form}

    shown = tuple((shown_values(each), each.saved_by and each.saved_by.display_name) for each in captions)
    key = (context["workspace"].slug, context["membership"].role, video.pk, shown)
    return kept_card(context["request"], "videos/_captions_card.html", None if refused else key, build)
