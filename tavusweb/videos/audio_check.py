"""What an uploaded recording really is. The name and the browser's type are not asked."""

import contextlib
import wave
from dataclasses import dataclass
from typing import BinaryIO

import filetype
from tinytag import TinyTag, TinyTagException

SHORTEST, LONGEST = 3.0, 600.0  # seconds; Tavus's own limits
HEAD = 8192  # bytes that tell the type


class AudioProblem(Exception):
    """Why a file is not a recording that Tavus takes, as a sentence for its owner."""


@dataclass(frozen=True)
class AudioFacts:
    extension: str  # "mp3" or "wav"
    seconds: float


def inspect(file: BinaryIO, name: str) -> AudioFacts:
    """The type and length of a file on disk. Reads headers and frames, never the whole into memory.

    Raises AudioProblem.
    """
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise AudioProblem("This file is empty.")
    kind = filetype.guess(head)
    extension = kind.extension if kind else ""
    if extension not in {"mp3", "wav"}:
        what = f"It looks like {kind.extension.upper()}." if kind else "It does not look like audio."
        raise AudioProblem(f"Only MP3 and WAV files can be used. {what}")
    seconds = _wav_seconds(file) if extension == "wav" else None
    seconds = seconds or _tagged_seconds(file, name)
    if not seconds:
        raise AudioProblem("The length of this recording cannot be read; the file may be damaged. Export it again.")
    if seconds < SHORTEST:
        raise AudioProblem(f"This recording has {seconds:.1f} seconds; Tavus needs at least 3.")
    if seconds > LONGEST:
        minutes, rest = divmod(round(seconds), 60)
        raise AudioProblem(f"This recording has {minutes}:{rest:02d} minutes; Tavus takes 10 at most.")
    return AudioFacts(extension, seconds)


def _wav_seconds(file: BinaryIO) -> float | None:
    """From the header: plain PCM only. None for other sorts of WAV."""
    file.seek(0)
    with contextlib.suppress(wave.Error, EOFError, ZeroDivisionError), wave.open(file) as recording:
        return recording.getnframes() / recording.getframerate()
    return None


def _tagged_seconds(file: BinaryIO, name: str) -> float | None:
    file.seek(0)
    try:
        seconds: float | None = TinyTag.get(filename=name, file_obj=file, tags=False).duration
    except (TinyTagException, OSError, ValueError, ArithmeticError, LookupError):
        return None
    else:
        return seconds
    finally:
        file.seek(0)
