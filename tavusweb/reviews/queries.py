"""What was said about a video, as its page in the workspace shows it."""

from dataclasses import dataclass, field

from tavusweb.videos.models import Video

from .fingerprint import fingerprint_of
from .models import Comment, Verdict
from .standing import Standing, Voice, standing

MOST_COMMENTS = 300


@dataclass(slots=True)
class Thread:
    """A comment with its answers; an answer to a comment that was deleted is not shown."""

    comment: Comment
    answers: list[Comment] = field(default_factory=list)


def threads_of(video: Video) -> list[Thread]:
    threads: dict[int, Thread] = {}
    for row in video.comments.visible().select_related("user")[:MOST_COMMENTS]:
        if row.parent_id is None:
            threads[row.pk] = Thread(row)
        elif row.parent_id in threads:
            threads[row.parent_id].answers.append(row)
    return list(threads.values())


def standing_of(video: Video, verdicts: list[Verdict]) -> Standing:
    voices = (
        Voice(row.identity, row.kind, row.fingerprint, row.created_at, row.withdrawn_at is not None) for row in verdicts
    )
    return standing(voices, fingerprint_of(video))
