"""Measure a WAV: the bytes of sound present, divided by the bytes per second in its header."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from django.utils.translation import gettext as _

from .audio_mp3 import Walker
from .audio_problem import AudioProblem
from .audio_silence import A_LAW, FLOAT, MU_LAW, PCM, is_silent_wav
from .audio_window import Window

MAX_CHUNKS = 1000
UNKNOWN_SIZES = {0, 0xFFFFFFFF}  # from a recorder that was interrupted or wrote to a pipe
MS_ADPCM, IMA_ADPCM, GSM, G726, G722 = 2, 0x11, 0x31, 0x45, 0x65
MPEG, MP3, EXTENSIBLE = 0x50, 0x55, 0xFFFE
BY_RATE = {G726, G722}  # only the bytes per second give their length
OTHERS = {
    0xFF: "AAC",
    0x1600: "AAC",
    0x1602: "AAC",
    0x1610: "AAC",
    0x160: "WMA",
    0x161: "WMA",
    0x162: "WMA",
    0x163: "WMA",
    0x270: "ATRAC3",
    0x2000: "AC-3",
    0x2001: "DTS",
    0x674F: "Vorbis",
    0x6750: "Vorbis",
    0x6771: "Vorbis",
    0x704F: "Opus",
    0xF1AC: "FLAC",
}


@dataclass(frozen=True)
class Layout:
    """The chunk "fmt ": how the sound is encoded."""

    code: int
    channels: int
    rate: int
    bytes_per_second: int
    block: int  # bytes
    bits: int  # of a sample
    block_samples: int


def is_wav(head: bytes) -> bool:
    return head[:4] in {b"RIFF", b"RIFX", b"RF64", b"BW64"} and head[8:12] == b"WAVE"


@dataclass(frozen=True)
class Sound:
    """The sound of a WAV: its length, and whether it is silent, which is looked up only when asked for."""

    seconds: float
    is_silent: Callable[[], bool]


def sound_of(window: Window, start: int, *, longest: float) -> Sound:
    """Measure the WAV at `start`. Raises AudioProblem with the reason when its length cannot be determined."""
    order = ">" if window.at(start, 4) == b"RIFX" else "<"
    layout, sound = _chunks(window, start + 12, order)
    if layout is None:
        raise AudioProblem(_("This WAV file is damaged: its format header is missing. Export it again."))
    if not sound:
        raise AudioProblem(_("This WAV file contains no sound. Export it again."))
    begin, end = sound
    if layout.code in {MPEG, MP3}:
        walk = Walker(window, begin, end).walk(longest)
        if not walk.layer:
            raise AudioProblem(_("This WAV file is damaged: no sound in it can be decoded. Export it again."))
        return Sound(walk.seconds, lambda: walk.is_silent)
    seconds = _length(layout, end - begin)
    form = {"code": layout.code, "bits": layout.bits, "block": layout.channels * ((layout.bits + 7) // 8)}
    return Sound(seconds, lambda: is_silent_wav(window, begin, end, order=order, **form))


def _chunks(window: Window, position: int, order: str) -> tuple[Layout | None, tuple[int, int] | None]:
    """Return the layout, and where sound begins and ends. Sizes are limited by the end of the file."""
    layout, large = None, 0
    sound: tuple[int, int] | None = None  # the first one only: decoders play no other
    for _number in range(MAX_CHUNKS):
        name, length = window.unpack(f"{order}4sI", position) or (b"", 0)
        begin = position + 8
        if name == b"ds64":  # sizes of more than 32 bits
            large = (window.unpack("<Q", begin + 8) or (0,))[0]
        if name == b"fmt ":
            layout = layout or _layout(window, begin, length, order)
        if name == b"data":
            size = large if length == 0xFFFFFFFF and large else length
            is_unknown = size in UNKNOWN_SIZES and not (size == 0 and _are_chunks(window, begin, order))
            end = window.size if is_unknown else min(begin + size, window.size)
            if end > begin:
                sound = sound or (begin, end)
            length = end - begin
        position = begin + length + length % 2
        if not name or position >= window.size:
            break
    return layout, sound


def _are_chunks(window: Window, position: int, order: str) -> bool:
    """Whether chunks follow exactly up to the end, so that a size of 0 is intended."""
    for _number in range(MAX_CHUNKS):
        name, length = window.unpack(f"{order}4sI", position) or (b"", 0)
        if not name or not str(name, "latin-1").isprintable():
            return False
        position += 8 + length + length % 2
        if position >= window.size:
            return bool(position - length % 2 <= window.size)
    return False


def _layout(window: Window, begin: int, length: int, order: str) -> Layout | None:
    values = window.unpack(f"{order}HHIIH", begin)
    if length < 14 or values is None:
        return None
    code, channels, rate, bytes_per_second, block = values
    bits = (window.unpack(f"{order}H", begin + 14) or (0,))[0] if length >= 16 else 8
    block_samples = (window.unpack(f"{order}H", begin + 18) or (0,))[0] if length >= 20 else 0
    if code == EXTENSIBLE and length >= 40:
        code = (window.unpack(f"{order}H", begin + 24) or (0,))[0]
    return Layout(code, channels, rate, bytes_per_second, block, bits, block_samples)


def _length(layout: Layout, size: int) -> float:
    """The length of `size` bytes in seconds."""
    if layout.code in OTHERS:
        raise AudioProblem(
            _("This WAV file contains %(type)s audio. Convert it to MP3 or PCM WAV.") % {"type": OTHERS[layout.code]}
        )
    if layout.code in BY_RATE:
        return size / (layout.bytes_per_second or _broken())
    block, samples = _block(layout)
    if not (block and samples and layout.rate):
        _broken()
    return size // block * samples / layout.rate


def _block(layout: Layout) -> tuple[int, int]:
    """Bytes and samples of the smallest unit that can be decoded."""
    channels = layout.channels
    if layout.code in {PCM, FLOAT, A_LAW, MU_LAW, EXTENSIBLE}:
        return channels * ((layout.bits + 7) // 8), 1
    if layout.code == MS_ADPCM:
        return layout.block, (layout.block - 7 * channels) * 2 // max(channels, 1) + 2
    if layout.code == IMA_ADPCM:
        return layout.block, (layout.block - 4 * channels) * 2 // max(channels, 1) + 1
    if layout.code == GSM:
        return layout.block or 65, layout.block_samples or 320
    raise AudioProblem(
        _("This WAV file uses an unknown encoding (0x%(code)04X). Convert it to MP3 or PCM WAV.")
        % {"code": layout.code}
    )


def _broken() -> NoReturn:
    raise AudioProblem(_("This WAV file is damaged: its format header makes no sense. Export it again."))
