"""Parse and format video times such as 1:23. Pure."""

import re

LONGEST_VIDEO = 6 * 60 * 60  # seconds
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:[.,]\d+)?")
_UNITS = re.compile(r"(?=\d)(?:(\d{1,2})\s?h)?\s?(?:(\d{1,3})\s?m(?:in)?)?\s?(?:(\d{1,5})\s?s(?:ec)?)?")
_SECONDS = re.compile(r"()()(\d{1,5})(?:[.,]\d+)?")


def read_moment(text: str) -> int:
    """Parse 1:23, 1:02:03, 1m30s or plain seconds into seconds. Raises ValueError for anything else."""
    bare = text.strip().lower()
    match = _CLOCK.fullmatch(bare) or _SECONDS.fullmatch(bare) or _UNITS.fullmatch(bare)
    if match is None:
        raise ValueError(text)
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + seconds
    if total > LONGEST_VIDEO or (":" in bare and seconds > 59):
        raise ValueError(text)
    return total


def write_moment(seconds: float) -> str:
    """Format seconds as players do: 0:42, 12:05, 1:02:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
