"""Separate comments on earlier takes from those on the current one. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tavusweb.reviews.models import Comment
from tavusweb.reviews.queries import Thread, threads

from ..models import ShareLink


@dataclass(frozen=True, slots=True)
class EarlierTake:
    """Comments on a take the link no longer shows; `title` is set only if it differs."""

    title: str
    threads: list[Thread]


def of_takes(link: ShareLink, rows: Iterable[Any]) -> tuple[list[Comment], list[EarlierTake]]:
    """Part comments, which know their `take_title`, into those on the link's take and those on earlier ones, last first."""
    by_take: dict[UUID, list[Any]] = {link.video_id: []}
    for row in rows:
        by_take.setdefault(row.video_id, []).append(row)
    current = by_take.pop(link.video_id)
    earlier = []
    for said in reversed(by_take.values()):
        title = said[0].take_title
        earlier.append(EarlierTake(title if title != link.video.title else "", threads(said, "")))
    return current, [take for take in earlier if take.threads]


def of_earlier(takes: Iterable[EarlierTake]) -> Iterator[Comment]:
    for take in takes:
        for thread in take.threads:
            yield from [thread.comment, *thread.answers]
