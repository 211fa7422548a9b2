"""When to believe Tavus that a video does not exist. Pure: counts and times are arguments."""

from datetime import datetime

from tavusweb.tavus import NotFound, TavusError
from tavusweb.tavus.assumptions import NEW_ID_SETTLES_WITHIN

PATIENCE = 6  # answers "no such video" in a row (about a minute) before they are believed
NO_SUCH_VIDEO = 400  # Tavus's own status for this; a 404 comes from something in between and proves nothing


def says_no_such_video(error: TavusError) -> bool:
    return isinstance(error, NotFound) and error.status_code == NO_SUCH_VIDEO


def is_believed(answers: int, *, known_since: datetime | None, at: datetime) -> bool:
    """Whether that many answers in a row are enough. A new id can be unknown for a while."""
    return answers >= PATIENCE and (known_since is None or at - known_since > NEW_ID_SETTLES_WITHIN)
