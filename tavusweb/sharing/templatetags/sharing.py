"""The share card, which a video's page includes without knowing about share links."""

from typing import Any

from django import template
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tavusweb.accounts.adapters import sends_mail
from tavusweb.kept_parts import kept_card, shown_values
from tavusweb.reviews.models import Verdict
from tavusweb.sharing.forms import RulesForm
from tavusweb.sharing.forms.presets import NO_PRESET, chosen_preset, new_link_form
from tavusweb.sharing.forms.rules import NO_POLICY
from tavusweb.sharing.models import ShareLink, SharePreset, policy_of
from tavusweb.sharing.takes.affected import MOST, Affected, affected_by_deletion
from tavusweb.sharing.takes.replaced import verdicts_on_replaced
from tavusweb.videos.along import may_have
from tavusweb.videos.models import Video

register = template.Library()


@register.filter
def clock(second: int) -> str:
    """A moment of a video as its player shows it: 1:05, 1:02:03."""
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


@register.simple_tag(takes_context=True)
def share_card(context: dict[str, Any]) -> SafeString:
    """The live links of the page's `video`, and the form for one more: the refused one of `extra_form`, if any.

    `?preset=` names the preset that the form starts from.
    """
    refused, workspace, video = context.get("extra_form"), context["workspace"], context["video"]
    request = context["request"]
    links = _links(video)
    presets, preset, start = _presets(video, request.GET)
    policy = policy_of(workspace) if may_have(video, "has_link_policy") else NO_POLICY
    preset_name = request.POST.get("preset_name", "")
    known_form = refused if isinstance(refused, RulesForm) else None

    def build() -> dict[str, Any]:
        form = known_form or new_link_form(workspace, preset=start, policy=policy, auto_id="share_%s")
        return {
            "workspace": workspace,
            "video": video,
            "can": context["can"],
            "share_links": links,
            "share_form": form,
            "presets": presets,
            "preset_name": preset_name,
            "preset": preset,
        }

    of_video = (video.pk, video.status, video.asks_a_person)
    of_links = tuple((shown_values(link), link.created_by and link.created_by.display_name) for link in links)
    of_presets = (*map(shown_values, presets), preset and preset.pk, preset_name, policy, sends_mail())
    key = (
        workspace.slug,
        context["membership"].role,
        of_video,
        of_links,
        of_presets,
        id(known_form) if known_form else 0,
    )
    return kept_card(request, "sharing/_share_card.html", None if known_form else key, build)


def _presets(video: Video, asked: QueryDict) -> tuple[list[SharePreset], SharePreset | None, SharePreset]:
    return chosen_preset(video.workspace, asked) if may_have(video, "has_share_presets") else ([], None, NO_PRESET)


def _links(video: Video) -> list[ShareLink]:
    """Read the live links, and leave them with the video for the question about its deletion."""
    rows = ShareLink.objects.current().filter(video=video).select_related("created_by")
    links = list(rows) if may_have(video, "has_share_links") else []
    video.shown_links = links  # type: ignore[attr-defined]
    return links


@register.simple_tag(takes_context=True)
def affected_links(context: dict[str, Any]) -> SafeString:
    """The live links that stop working when the page's `video` is deleted."""
    video = context["video"]
    links = getattr(video, "shown_links", None)
    has_others = may_have(video, "has_link_plans") or may_have(video, "has_offered_takes")
    if links is not None and not has_others:
        affected = Affected(len(links), sorted(links, key=_newest_first)[:MOST], 0)
    else:
        affected = affected_by_deletion(video)
    return render_to_string("sharing/takes/_affected_links.html", {"affected": affected})


def _newest_first(link: ShareLink) -> tuple[float, int]:
    return -link.created_at.timestamp(), -link.pk


@register.simple_tag(takes_context=True)
def earlier_verdicts(context: dict[str, Any]) -> list[Verdict]:
    """What was answered to the takes that the page's `video` replaced behind live links."""
    video = context["video"]
    return verdicts_on_replaced(video) if may_have(video, "has_replaced_takes") else []
