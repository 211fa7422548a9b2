"""What an uploaded recording really is. The name, the browser's type and a header's promises are not believed."""

import os
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

import filetype
from tinytag import TinyTag, TinyTagException

SHORTEST, LONGEST = 3.0, 600.0  # seconds; Tavus's own limits
HEAD = 8192  # bytes that tell the type
MOST_READ = 256 * 1024  # bytes; the length is in the headers and the first frames, or nowhere
MOST_CHUNKS = 1000  # of a WAV file before its sound
EVEN_FORMATS = {1, 3, 6, 7, 0xFFFE}  # PCM, float, A-law, µ-law, extensible: each frame has the same size


class AudioProblem(Exception):
    """Why a file is not a recording that Tavus takes, as a sentence for its owner."""


@dataclass(frozen=True)
class AudioFacts:
    extension: str  # "mp3" or "wav"
    seconds: float


def inspect(file: BinaryIO) -> AudioFacts:
    """The type and length of a file on disk. Reads headers and frames, never the whole.

    Raises AudioProblem.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise AudioProblem("This file is empty.")
    extension = _extension(head)
    seconds = _wav_seconds(file, size) if extension == "wav" else _mp3_seconds(file, size)
    file.seek(0)
    if not seconds:
        raise AudioProblem("The length of this recording cannot be read; the file may be damaged. Export it again.")
    if seconds < SHORTEST:
        raise AudioProblem(f"This recording has {seconds:.1f} seconds; Tavus needs at least 3.")
    if seconds > LONGEST:
        minutes, rest = divmod(round(seconds), 60)
        raise AudioProblem(f"This recording has {minutes}:{rest:02d} minutes; Tavus takes 10 at most.")
    return AudioFacts(extension, seconds)


def _extension(head: bytes) -> str:
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    # A tag, or the eleven set bits of a frame and "layer III": filetype knows only some of these.
    if head.startswith(b"ID3") or (head[0] == 0xFF and head[1:2] and head[1] & 0xE6 == 0xE2):
        return "mp3"
    kind = filetype.guess(head)
    what = f"It looks like {kind.extension.upper()}." if kind else "It does not look like audio."
    raise AudioProblem(f"Only MP3 and WAV files can be used. {what}")


def _wav_seconds(file: BinaryIO, size: int) -> float | None:
    """From the sound that is there: a header may promise any length, and that of a stream does."""
    file.seek(12)
    bytes_per_second = 0
    for _ in range(MOST_CHUNKS):
        name, length = _unpacked("<4sI", file.read(8)) or (b"", 0)
        if name == b"data":
            return min(length, size - file.tell()) / bytes_per_second if bytes_per_second else None
        after = file.tell() + length + length % 2
        if name == b"fmt ":
            kind, _, rate, told, frame = _unpacked("<HHIIH", file.read(14)) or (0, 0, 0, 0, 0)
            bytes_per_second = rate * frame if kind in EVEN_FORMATS else told
        if after >= size:
            break
        file.seek(after)
    return None


def _unpacked(layout: str, content: bytes) -> tuple[Any, ...] | None:
    return struct.unpack(layout, content) if len(content) == struct.calcsize(layout) else None


def _mp3_seconds(file: BinaryIO, size: int) -> float | None:
    try:
        found = TinyTag.get(filename="recording.mp3", file_obj=_Sips(file), tags=False)  # type: ignore[arg-type]
    except (TinyTagException, OSError, ValueError, ArithmeticError, LookupError, struct.error):
        return None
    if not found.duration or not found.bitrate or found.mime_type != "audio/mpeg":
        return None
    there = size * 8 / (found.bitrate * 1000)
    # The first frame may promise more than there is. Rounded bit rates are off by less than this.
    return there if there < found.duration * 0.95 else found.duration


class _Sips:
    """A file that ends after `MOST_READ` bytes were read, wherever: TinyTag would search rubbish to its end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = MOST_READ
        self.seek, self.tell = file.seek, file.tell
        file.seek(0)

    def read(self, size: int) -> bytes:
        content = self._file.read(min(size, self._left))
        self._left -= len(content)
        return content
