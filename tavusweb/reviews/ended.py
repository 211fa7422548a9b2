"""Approvals that ended because the script, an option or the take changed after them. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tavusweb.videos.models import Video

from .models import Verdict, VerdictKind
from .models.feedback import take_time

MOST = 3  # that are shown, the newest first


class Change(StrEnum):
    """What ended an approval. The hash tells no script from an option; the take is known by its time."""

    SPEC = "spec"
    TAKE = "take"


@dataclass(frozen=True, slots=True)
class Ended:
    """An approval that holds no more; `name` is "" where it may not be shown."""

    change: Change
    name: str
    is_own: bool = False


def ended_approvals(
    video: Video,
    shown: str,
    verdicts: Iterable[Verdict],
    *,
    name_of: Callable[[Verdict], str],
    is_own: Callable[[Verdict], bool],
) -> tuple[Ended, ...]:
    """Return the ended approvals of those who have not answered since, out of `verdicts` on this take and earlier ones.

    An approval that was taken back, or followed by a request for changes, did not end this way.
    """
    last: dict[str, Verdict] = {}
    answered = set()
    for verdict in sorted(verdicts, key=lambda each: each.created_at):
        if verdict.video_id != video.pk or verdict.fingerprint != shown:
            last[verdict.identity] = verdict
        elif not verdict.withdrawn_at:
            answered.add(verdict.identity)
    standing = (row for identity, row in last.items() if identity not in answered and not row.withdrawn_at)
    ended = [row for row in standing if row.kind == VerdictKind.APPROVED]
    ended.sort(key=lambda each: each.created_at, reverse=True)
    take = (video.pk, take_time(video))
    return tuple(Ended(_change(row, take), name_of(row), is_own(row)) for row in ended[:MOST])


def _change(verdict: Verdict, take: tuple[UUID, datetime | None]) -> Change:
    return Change.SPEC if (verdict.video_id, verdict.take_at) == take else Change.TAKE
