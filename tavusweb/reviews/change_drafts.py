"""Feedback a draft should address: the commented sentences of its script, and who said what."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tavusweb.videos.models import Video

from .models import ChangeDraft, Comment, Verdict, VerdictKind
from .sentences import sentences, spoken_at


@dataclass(slots=True)
class Note:
    """Comments on one sentence, or on the whole video if "". `is_left` while the draft still contains it."""

    sentence: str
    is_left: bool
    comments: list[Comment] = field(default_factory=list)


def open_comments(video: Video) -> Any:
    """Return the unresolved threads."""
    return video.comments.visible().filter(parent=None, resolved_at=None)


def open_requests(video: Video, shown: str) -> Any:
    """Return the change requests for the shown take."""
    return video.verdicts.filter(kind=VerdictKind.CHANGES, withdrawn_at=None, fingerprint=shown)


def notes_for(draft: UUID) -> dict[str, Any]:
    """Return the context of a draft's notes; empty for a draft not created from comments."""
    row = ChangeDraft.objects.select_related("draft", "source__workspace").filter(draft=draft).first()
    if row is None:
        return {}
    comments = list(row.comments.visible().select_related("user"))
    notes = list(_notes(comments, row.source.script, row.draft.script))
    about = {note.sentence for note in notes if note.sentence}
    return {
        "source": row.source,
        "notes": notes,
        "requests": list(row.verdicts.select_related("user")),
        "marked": [(sentence.text, sentence.text in about) for sentence in sentences(row.draft.script)],
    }


def _notes(comments: list[Comment], script: str, now: str) -> Iterator[Note]:
    """Return notes in script order; those about the whole video come last."""
    left = {sentence.text for sentence in sentences(now)}
    order = {sentence.text: place for place, sentence in enumerate(sentences(script))}
    found: dict[str, Note] = {}
    for comment in comments:
        text = sentence_of(comment, script)
        found.setdefault(text, Note(text, text in left)).comments.append(comment)
    yield from sorted(found.values(), key=lambda note: (not note.sentence, order.get(note.sentence, len(order))))


def sentence_of(comment: Comment, script: str) -> str:
    """Return the sentence a comment names, or the one estimated to be spoken at its time."""
    if comment.quote or comment.at_seconds is None:
        return comment.quote
    spoken = spoken_at(script, comment.at_seconds)
    return spoken.text if spoken else ""


def keep(draft: Video, source: Video, comments: list[Comment], verdicts: list[Verdict], by: Any) -> None:
    row, _ = ChangeDraft.objects.get_or_create(draft=draft, defaults={"source": source, "created_by": by})
    row.comments.set(comments)
    row.verdicts.set(verdicts)
