"""Queries for the feedback on a video, for its workspace page and its share pages."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

from tavusweb.videos.models import Video

from .fingerprint import fingerprint_of
from .models import Comment, Verdict
from .models.approval_request import wanted_for
from .sentences import starts_of
from .standing import Standing, Tally, Voice, tally

MOST_COMMENTS = 300


@dataclass(slots=True)
class Thread:
    """A comment with its replies. `at` is its position in seconds (estimated for a sentence), or None."""

    comment: Comment
    at: float | None = None
    answers: list[Comment] = field(default_factory=list)


def threads_of(video: Video) -> list[Thread]:
    return threads(comments_of(video), video.script)


def comments_of(video: Video) -> list[Comment]:
    return list(video.comments.visible().select_related("user")[:MOST_COMMENTS])


def threads(rows: Iterable[Comment], script: str) -> list[Thread]:
    """Return threads by position, untimed ones last; replies to deleted comments are left out."""
    found: dict[int, Thread] = {}
    answers: list[Comment] = []
    for row in rows:
        if row.parent_id is None:
            found[row.pk] = Thread(row)
        else:
            answers.append(row)
    for row in answers:
        if row.parent_id in found:
            found[row.parent_id].answers.append(row)
    starts = starts_of(script) if any(thread.comment.quote for thread in found.values()) else {}
    for thread in found.values():
        comment = thread.comment
        thread.at = comment.at_seconds if comment.at_seconds is not None else starts.get(comment.quote)
    return sorted(found.values(), key=lambda thread: inf if thread.at is None else thread.at)


def tally_of(video: Video, verdicts: Iterable[Verdict], *, shown: str = "") -> Tally:
    """Return a video's approval state; pass its fingerprint as `shown` if already known."""
    voices = (
        Voice(row.identity, row.kind, row.fingerprint, row.created_at, row.withdrawn_at is not None, row.proven)
        for row in verdicts
    )
    return tally(voices, shown or fingerprint_of(video), wanted_for(video))


def standing_of(video: Video, verdicts: Iterable[Verdict]) -> Standing:
    return tally_of(video, verdicts).standing
