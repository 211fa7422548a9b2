"""What a video is called: its title for people, and at Tavus also a mark by which we find it again."""

import base64
import re
from uuid import UUID

TITLE_FROM_SCRIPT = 60  # characters of the script that name a video without a title
LONGEST_TITLE = 80  # Tavus documents no limit; the mark at the end must not be cut off
MARK = re.compile(r"tw-[a-z2-7]{12}-\d{1,9}")


def mark(video_id: UUID, attempt: int) -> str:
    """What makes this submission of this video the only one of its name: 60 bits of the id, and a count."""
    return f"tw-{base64.b32encode(video_id.bytes).decode().lower()[:12]}-{attempt}"


def name_at_tavus(title: str, video_id: UUID, attempt: int) -> str:
    return f"{title[:LONGEST_TITLE]} · {mark(video_id, attempt)}"


def mark_in(name: str) -> str:
    """The mark that a name at Tavus ends with; "" when it is no submission of ours."""
    found = MARK.search(name)
    return found.group() if found else ""


def title_from(script: str) -> str:
    """The first words of a script, for a video without a title."""
    line = next(iter(script.strip().splitlines()), "")
    if len(line) <= TITLE_FROM_SCRIPT:
        return line or "Untitled"
    return line[:TITLE_FROM_SCRIPT].rsplit(" ", 1)[0].rstrip(".,;:–-") + "…"
