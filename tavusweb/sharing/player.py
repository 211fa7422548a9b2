"""Choose the player of a public page, its source, its start time and the text beside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from tavusweb.videos.captions import paragraphs, parse
from tavusweb.videos.media_urls import HLS, embed_url, link_context, own_sources, still_url
from tavusweb.videos.models import Caption

from .gate import Entry
from .models.branding import Player, branding_of

MOMENT = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s?)?", re.ASCII)
CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})", re.ASCII)
LATEST = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen player and its fallback; "" for none."""

    shown: str
    other: str


def choose(*, preferred: str, asked: str, has_frame: bool, has_sources: bool) -> Choice:
    """Choose among the players that can work: the requested one, else the workspace's, else the other. Pure."""
    possible = [player for player, works in ((Player.HOSTED, has_frame), (Player.OWN, has_sources)) if works]
    for wanted in (asked, preferred, *possible):
        if wanted in possible:
            return Choice(wanted, next((str(each) for each in possible if each != wanted), ""))
    return Choice("", "")


def second_of(text: str) -> int:
    """Parse `?t=` to seconds: 90, 90s, 1m30s, 1h2m3s or 1:30; 0 for anything else."""
    match = MOMENT.fullmatch(text) or CLOCK.fullmatch(text)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    second = (hours * 60 + minutes) * 60 + seconds
    return second if second <= LATEST else 0


def player_context(entry: Entry, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the template context of player and transcript. Call it only after the gate."""
    link, video = entry.link, entry.link.video
    frame, sources = embed_url(video), own_sources(video)
    preferred = branding_of(video.workspace).player
    choice = choose(
        preferred=preferred, asked=query.get("player", ""), has_frame=bool(frame), has_sources=bool(sources)
    )
    is_own = choice.shown == Player.OWN
    captions = _captions(video.pk, with_text=link.shows_transcript) if is_own or link.shows_transcript else []
    start = second_of(query.get("t", "")[:20])
    return {
        "player": choice.shown,
        "other_player": choice.other,
        "embed_url": frame,
        **({} if choice.shown else link_context(video)),
        "sources": [(f"{url}#t={start}" if start else url, kind) for url, kind in sources],
        "plays_hls": is_own and all(kind == HLS for _, kind in sources),
        "start": start,
        "poster": still_url(video),
        "captions": captions,
        "speeds": (0.5, 0.75, 1, 1.25, 1.5, 1.75, 2),
        **(_transcript(captions, video.script) if link.shows_transcript else {}),
    }


def _captions(video: UUID, *, with_text: bool) -> list[Caption]:
    rows = Caption.objects.filter(video=video).order_by("language")
    return list(rows if with_text else rows.only("language"))


def _transcript(captions: list[Caption], script: str) -> dict[str, Any]:
    """Return the captions in the visitor's language, else the first ones, with their times; else the script."""
    language = get_language() or ""
    best = next((each for each in captions if each.language.split("-")[0] == language), None)
    if chosen := best or next(iter(captions), None):
        return {"paragraphs": paragraphs(parse(chosen.content.encode())), "transcript_language": chosen.language}
    return {"transcript": script}
