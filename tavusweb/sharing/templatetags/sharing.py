"""The share card, which a video's page includes without knowing about share links."""

from typing import Any

from django import template

from tavusweb.reviews.models import Verdict
from tavusweb.sharing.forms import RulesForm
from tavusweb.sharing.forms.presets import chosen_preset, new_link_form
from tavusweb.sharing.models import ShareLink
from tavusweb.sharing.takes.affected import affected_by_deletion
from tavusweb.sharing.takes.related import links_to_put_behind
from tavusweb.sharing.takes.replaced import verdicts_on_replaced

register = template.Library()


@register.filter
def clock(second: int) -> str:
    """A moment of a video as its player shows it: 1:05, 1:02:03."""
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


@register.inclusion_tag("sharing/_share_card.html", takes_context=True)
def share_card(context: dict[str, Any]) -> dict[str, Any]:
    """The live links of the page's `video`, and the form for one more: the refused one of `extra_form`, if any.

    `?preset=` names the preset that the form starts from.
    """
    refused, workspace = context.get("extra_form"), context["workspace"]
    links = ShareLink.objects.current().filter(video=context["video"]).select_related("created_by")
    presets, preset, start = chosen_preset(workspace, context["request"].GET)
    is_refused = isinstance(refused, RulesForm)
    return {
        "workspace": workspace,
        "video": context["video"],
        "can": context["can"],
        "share_links": links,
        "links_to_put_behind": links_to_put_behind(context["video"]),
        "share_form": refused if is_refused else new_link_form(workspace, preset=start, auto_id="share_%s"),
        "presets": presets,
        "preset_name": context["request"].POST.get("preset_name", ""),
        "preset": preset,
    }


@register.inclusion_tag("sharing/takes/_affected_links.html", takes_context=True)
def affected_links(context: dict[str, Any]) -> dict[str, Any]:
    """The live links that stop working when the page's `video` is deleted."""
    return {"affected": affected_by_deletion(context["video"])}


@register.simple_tag(takes_context=True)
def earlier_verdicts(context: dict[str, Any]) -> list[Verdict]:
    """What was answered to the takes that the page's `video` replaced behind live links."""
    return verdicts_on_replaced(context["video"])
