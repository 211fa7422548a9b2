"""Determine type and length of an uploaded recording, without trusting its name, content type or header fields."""

import math
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import audio_kinds, audio_wav
from .audio_mp3 import Walk, Walker
from .audio_mpeg import sound_start
from .audio_problem import AudioProblem
from .audio_window import Window

SHORTEST, LONGEST = 3.0, 600.0  # seconds; Tavus's own limits
MEASURED = 3600.0  # seconds up to which the length of a recording that is too long is measured
MAX_LEADING = 1024 * 1024  # bytes of anything that may precede the sound of an MP3

__all__ = ["AudioFacts", "AudioProblem", "inspect"]


@dataclass(frozen=True)
class AudioFacts:
    extension: str  # "mp3" or "wav"
    seconds: float
    is_silent: bool = False  # nothing can be heard in it


def inspect(file: BinaryIO) -> AudioFacts:
    """Return type and length of a file on disk, and whether it is silent.

    Reads an MP3 frame by frame. Reads the headers of a WAV, and its samples up to the first that can be heard.

    Raises AudioProblem.
    """
    window = Window(file)
    if not window.size:
        raise AudioProblem(_("This file is empty."))
    start = sound_start(window)
    if audio_wav.is_wav(window.at(start, 12)):
        sound = audio_wav.sound_of(window, start, longest=MEASURED)
        _check_length(sound.seconds)
        facts = AudioFacts("wav", sound.seconds, sound.is_silent())
    else:
        walk = _walk_mp3(window, start)
        _check_length(walk.seconds)
        facts = AudioFacts("mp3", walk.seconds, walk.is_silent)
    file.seek(0)
    return facts


def _walk_mp3(window: Window, start: int) -> Walk:
    other = audio_kinds.other_kind(window, start)
    if other:
        raise AudioProblem(other)
    walk = Walker(window, start, window.size, max_leading=MAX_LEADING).walk(MEASURED)
    if walk.layer in {1, 2}:
        raise AudioProblem(audio_kinds.audio(f"MP{walk.layer}"))
    if not walk.layer and start:
        raise AudioProblem(_("This MP3 file contains no sound. Export it again."))
    if not walk.layer:
        raise AudioProblem(audio_kinds.not_audio(window.at(0, audio_kinds.HEAD)))
    if not walk.is_complete and walk.seconds <= LONGEST:
        raise AudioProblem(_("The length of this recording can’t be determined. Export it again as MP3 or WAV."))
    return walk


def _check_length(seconds: float) -> None:
    if seconds < SHORTEST:
        tenths = math.floor(seconds * 10) / 10
        raise AudioProblem(
            ngettext(
                "This recording is %(length)s second long. The minimum is 3 seconds.",
                "This recording is %(length)s seconds long. The minimum is 3 seconds.",
                1 if tenths == 1 else 2,
            )
            % {"length": f"{tenths:g}"}
        )
    if seconds > MEASURED:
        raise AudioProblem(_("This recording is over an hour long. The maximum is 10 minutes."))
    if seconds > LONGEST:
        minutes, rest = divmod(math.ceil(seconds), 60)
        raise AudioProblem(
            _("This recording is %(minutes)s min %(seconds)s s long. The maximum is 10 minutes.")
            % {"minutes": minutes, "seconds": rest}
        )
