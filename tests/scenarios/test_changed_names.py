"""Providers that treat long names otherwise than short ones: short witnesses vouch only for names like theirs."""

import html
from collections.abc import Callable

import pytest

from tavusweb.videos.models import Video
from tests.opposite_tavus import Behaviour, OppositeTavus
from tests.scenarios.test_opposite_providers import SCRIPT, TITLE, SweepOver, follow, provider

__all__ = ["provider"]
pytestmark = pytest.mark.thorough

LONG = 64  # characters from which a name is changed
KANJI = "株式会社アクメへようこそ、エイダと北のオフィスのみんなより心をこめてお送りします、今後ともどうぞよろしくお願いいたします"
AMPERSANDS = "Q&A with Ada & everybody in the northern office of Acme, today"


def cut(limit: int, dots: str) -> Callable[[str], str]:
    return lambda name: name if len(name) <= limit else name[: limit - len(dots)] + dots


def cut_to_bytes(limit: int) -> Callable[[str], str]:
    return lambda name: name.encode()[:limit].decode(errors="replace")


def when_long(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda name: name if len(name) < LONG else change(name)


CASES = [
    (Behaviour("cut to 40 with an ellipsis", named=cut(40, "…")), TITLE),
    (Behaviour("cut to 64 with three dots", named=cut(64, "...")), TITLE),
    (Behaviour("cut to 100 bytes", named=cut_to_bytes(100)), KANJI),
    (Behaviour("cut to 255 bytes", named=cut_to_bytes(255)), "🎉" * 80),
    (Behaviour("escaped and cut", named=lambda name: html.escape(name)[:LONG]), AMPERSANDS),
    (Behaviour("the middle cut out", named=when_long(lambda name: name[:30] + "…" + name[-8:])), TITLE),
    (Behaviour("the default instead", named=when_long(lambda _: "replica_id: r1 - November 26, 2026")), TITLE),
    (Behaviour("dropped", named=when_long(lambda _: "")), TITLE),
    (Behaviour("a suffix", named=when_long(lambda name: name + " (1)")), TITLE),
]
each = pytest.mark.parametrize(("behaviour", "title"), CASES, ids=[str(behaviour) for behaviour, _ in CASES])


@pytest.mark.one_database
@each
@pytest.mark.parametrize("answer", ["lost", "clear"])
def test_video_is_bought_once_whatever_happens_to_its_name(
    answer: str,
    behaviour: Behaviour,
    title: str,
    provider: OppositeTavus,
    make_video: Callable[..., Video],
    sweep_over: SweepOver,
) -> None:
    video = make_video(title=title, script=SCRIPT)
    if answer == "lost":
        provider.next_answers.append(provider.accepted_but_unanswered)
    sweep_over(provider)

    follow(provider, video, sweep_over)

    video.refresh_from_db()
    assert provider.bought[SCRIPT] == 1
    assert video.tavus_id or video.asks
