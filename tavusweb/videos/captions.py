"""Captions: read WebVTT and SubRip strictly, write WebVTT.

What cannot be a caption is refused with its line; what only styles one is dropped. Cues may overlap and come in any
order. Times are in milliseconds.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tavusweb.text_policy import as_line, is_blank

LARGEST = 1024 * 1024  # bytes
MOST_CUES = 5_000
MOST_LINES = 8  # of one cue
LONGEST_CUE = 500  # characters
LONGEST = 24 * 60 * 60 * 1000
MOST_PROBLEMS = 5  # that are named at once

_TIME = r"(?:(\d{1,3}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
TIMING = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s.*)?", re.ASCII)
TAG = re.compile(r"</?[a-zA-Z0-9.:][^<>]*>|\{\\[^{}]*\}|</>")
# What is no cue in a WebVTT file.
SKIPPED = re.compile(r"(NOTE|STYLE|REGION)([ \t]|$)")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

PARAGRAPH = 220  # characters after which a transcript begins a new one
PAUSE = 2_000


@dataclass(frozen=True, slots=True)
class Cue:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of a transcript, and the second at which it is spoken."""

    second: int
    text: str


def parse(data: bytes) -> list[Cue]:
    """Read a file of captions. Raises ValidationError, with up to MOST_PROBLEMS sentences that name their lines."""
    lines = _decoded(data).splitlines()
    problems: list[str] = []
    cues = []
    for number, block in _blocks(lines):
        try:
            if cue := _cue(number, block):
                cues.append(cue)
        except ValidationError as problem:
            problems += problem.messages
        if len(problems) >= MOST_PROBLEMS:
            break
        if len(cues) > MOST_CUES:
            raise ValidationError(_("Use at most %(limit)d captions in one file."), params={"limit": MOST_CUES})
    if problems:
        raise ValidationError(problems)
    if not cues:
        raise ValidationError(_("This file has no captions. Use a WebVTT (.vtt) or SubRip (.srt) file."))
    return sorted(cues, key=lambda cue: (cue.start, cue.end))


def written(cues: Iterable[Cue]) -> str:
    """The captions as WebVTT that `parse` reads again as the same."""
    blocks = (f"{_clock(cue.start)} --> {_clock(cue.end)}\n{escape(cue.text, quote=False)}" for cue in cues)
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def paragraphs(cues: Iterable[Cue]) -> list[Paragraph]:
    """The cues as a text to read: a new paragraph after a pause, or when one has become long."""
    pieces: list[list[Cue]] = []
    for cue in cues:
        last = pieces[-1] if pieces else []
        is_new = not last or cue.start - last[-1].end > PAUSE or sum(len(each.text) for each in last) > PARAGRAPH
        pieces.append([cue]) if is_new else last.append(cue)
    return [
        Paragraph(piece[0].start // 1000, " ".join(" ".join(each.text.split()) for each in piece)) for piece in pieces
    ]


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST:
        raise ValidationError(_("This file is too large. The limit is %(limit)d MB."), params={"limit": 1})
    try:
        text = data.decode("utf-16" if data[:2] in UTF_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ValidationError(
            _line(line, _("This isn’t UTF-8 text. Save the file as UTF-8 and upload it again."))
        ) from None
    if "\0" in text:
        raise ValidationError(_("This isn’t a text file. Use a WebVTT (.vtt) or SubRip (.srt) file."))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The blocks between empty lines, each with the number of its first line; without those that are no cues."""
    is_vtt = bool(lines) and (lines[0] == "WEBVTT" or lines[0].startswith(("WEBVTT ", "WEBVTT\t")))
    start = 1
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            start = start if block else number
            block.append(line)
            continue
        is_header = is_vtt and start == 1
        if block and not is_header and not (is_vtt and SKIPPED.match(block[0])):
            yield start, block
        block = []


def _cue(number: int, block: list[str]) -> Cue | None:
    """The cue of a block; None for one without text."""
    at = 0 if "-->" in block[0] else 1
    match = TIMING.fullmatch(block[at]) if at < len(block) else None
    if match is None:
        example = "00:01:02.500 --> 00:01:05.000"
        raise ValidationError(
            _line(number + min(at, len(block) - 1), _("Expected a time such as %(example)s.") % {"example": example})
        )
    start, end = _milliseconds(*match.groups()[:4]), _milliseconds(*match.groups()[4:])
    if end <= start:
        raise ValidationError(_line(number + at, _("The caption ends before it starts.")))
    if end > LONGEST:
        raise ValidationError(_line(number + at, _("The caption is later than 24 hours.")))
    rest = block[at + 1 :]
    if len(rest) > MOST_LINES:
        words = _("Use at most %(limit)d lines in one caption.") % {"limit": MOST_LINES}
        raise ValidationError(_line(number + at + 1 + MOST_LINES, words))
    for place, line in enumerate(rest, number + at + 1):
        if "-->" in line:
            raise ValidationError(_line(place, _("An empty line is missing before this caption.")))
    shown = [as_line(unescape(TAG.sub("", line))) for line in rest]
    text = "\n".join(line for line in shown if not is_blank(line))
    if len(text) > LONGEST_CUE:
        words = _("Use at most %(limit)d characters in one caption.") % {"limit": LONGEST_CUE}
        raise ValidationError(_line(number + at + 1, words))
    return Cue(start, end, text) if text else None


def _line(number: int, words: str) -> str:
    return _("Line %(number)d: %(problem)s") % {"number": number, "problem": words}


def _milliseconds(hours: str | None, minutes: str, seconds: str, rest: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(rest)


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}.{rest:03d}"
