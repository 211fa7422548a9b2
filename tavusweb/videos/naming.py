"""The names of a video: its title for people, and at Tavus also a mark by which it is found again."""

import base64
import re
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from tavusweb.tavus.assumptions import LONGEST_NAME
from tavusweb.text_policy import as_line, cut, cut_bytes, is_blank

LONGEST_TITLE_HERE = 120  # characters of a title
TITLE_FROM_SCRIPT = 60  # characters of the script used as the title of a video without one
SHORTEST_CUT = 8  # characters; a shorter name is too common to count as a truncated one
SEPARATOR = " · "
DEFAULT_NAME = "replica_id: "  # what Tavus calls a video that was given no name
LONGEST_MARK = len("tw-") + 12 + len("-") + 9
# In UTF-8 bytes, so that no likely limit cuts off the mark, whether it counts characters or bytes.
LONGEST_TITLE = LONGEST_NAME - len(SEPARATOR.encode()) - LONGEST_MARK

# A mark in any spelling that a provider might return: any case, other dashes or none. ASCII only, so that no letter of
# another script counts as one of ours.
_MARK = r"tw[^a-z0-9]{0,3}([a-z2-7]{12})[^a-z0-9]{0,3}([0-9]{1,9})"
MARK_AT_END = re.compile(rf"{_MARK}[^a-z0-9]{{0,3}}\Z", re.ASCII | re.IGNORECASE)
MARK_ANYWHERE = re.compile(_MARK, re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mark:
    """The end of the name of a submission: 60 bits of the video's id, and the attempt.

    Only `video` identifies it: a truncated name may have lost digits of its attempt.
    """

    video: str
    attempt: int

    @classmethod
    def of(cls, video_id: UUID, attempt: int) -> "Mark":
        return cls(mark_id(video_id), attempt)

    @classmethod
    def read(cls, name: str) -> "Mark | None":
        """Return the mark at the end of a name; None when the name is not one of ours."""
        match = MARK_AT_END.search(name[-LONGEST_NAME:])
        return cls(match[1].lower(), int(match[2])) if match else None

    def __str__(self) -> str:
        return f"tw-{self.video}-{self.attempt}"


def mark_id(video_id: UUID) -> str:
    return base64.b32encode(video_id.bytes).decode().lower()[:12]


def mark_beginning(video_id: UUID) -> str:
    """What the marks of all submissions of a video begin with."""
    return f"tw-{mark_id(video_id)}-"


def ends_with_mark(name: str, beginning: str) -> bool:
    """Whether a name ends with a mark exactly as we write it, of any attempt."""
    _, mark, attempt = name.rpartition(beginning)
    return bool(mark) and attempt.isascii() and attempt.isdecimal()


def is_name_of_others(name: str, beginning: str) -> bool:
    """Whether nothing of our mark is left in a name, in any spelling, and it is not one that Tavus gives."""
    letters = "".join(letter for letter in name.casefold() if letter.isalnum())
    is_default = not letters or name.startswith(DEFAULT_NAME)
    return not is_default and beginning.split("-")[1] not in letters


def name_at_tavus(title: str, video_id: UUID, attempt: int) -> str:
    """The name of a submission at Tavus: the title, truncated if necessary, and the mark."""
    name = cut_bytes(_without_marks(title), LONGEST_TITLE).strip()
    return f"{name or 'Untitled'}{SEPARATOR}{Mark.of(video_id, attempt)}"


def name_for_viewers(title: str) -> str:
    """The name of a finished video at Tavus, where viewers see it: the title alone."""
    return cut_bytes(_without_marks(title), LONGEST_NAME).strip() or "Untitled"


def _without_marks(title: str) -> str:
    """Remove everything that reads as a mark, wherever the name may be cut: a pasted "tw-…-1" loses its "tw"."""
    while match := MARK_ANYWHERE.search(title):
        title = title[: match.start()] + title[match.start() + len("tw") :]
    return title


def folded(name: str) -> str:
    """A name without case and white space, which a provider might change."""
    return "".join(name.casefold().split())


def could_be_cut_from(folded_name: str, folded_sent: str) -> bool:
    """Whether a folded name without a mark may be a truncated form of the name that was sent."""
    return len(folded_name) >= SHORTEST_CUT and folded_sent.startswith(folded_name)


def copy_title(title: str) -> str:
    """The title of a duplicate; empty for a video without a title."""
    room = LONGEST_TITLE_HERE - len(_("%(title)s (copy)") % {"title": ""})
    return _("%(title)s (copy)") % {"title": cut(title, room)} if title else ""


def title_from(script: str) -> str:
    """The first words of a script, as the title of a video without one."""
    line = next((as_line(each) for each in script.splitlines() if not is_blank(each)), "")
    if len(line) <= TITLE_FROM_SCRIPT:
        return line or _("Untitled")
    start = cut(line, TITLE_FROM_SCRIPT)
    if not line[len(start) :].startswith(" "):
        start = start.rsplit(" ", 1)[0]
    return start.rstrip(".,;:–-") + "…"
