"""Whether anything can be heard in a recording. Only certainty counts: what cannot be told is not called silent.

Silence of an MP3 is frames without sound data, as encoders write it. Of a WAV, every sample is looked at that is stored as
a number, in A-law or in mu-law.
"""

import sys
from array import array

from .audio_mpeg import Frame
from .audio_window import STEP, Window

LOUDEST = 1e-4  # of full scale, -80 dB: above dither and what a muted input gives, far below any speech
HEAD = 40  # bytes that `is_silent_frame` needs
PCM, FLOAT, A_LAW, MU_LAW = 1, 3, 6, 7
MUTE = {A_LAW: b"\x55\xd5", MU_LAW: b"\x7e\x7f\xfe\xff", PCM: b"\x7f\x80\x81"}  # the last one of 8 bits


def is_silent_frame(content: bytes, frame: Frame) -> bool:
    """Whether a frame of layer III, given with its header, has no sound data for any granule and channel."""
    is_mpeg1, channels = frame.version == 3, 1 if frame.is_mono else 2
    begin = 4 if content[1] & 1 else 6  # after a checksum
    side = content[begin : begin + frame.side_info]
    if len(side) < frame.side_info:
        return False
    bits, total = int.from_bytes(side, "big"), 8 * len(side)
    first = 9 + (5 if frame.is_mono else 3) + 4 * channels if is_mpeg1 else 8 + channels
    parts, length = channels * (2 if is_mpeg1 else 1), 59 if is_mpeg1 else 63
    return not any(bits >> (total - first - 12 - number * length) & 0xFFF for number in range(parts))


def is_silent_wav(window: Window, begin: int, end: int, *, code: int, bits: int, block: int, order: str) -> bool:
    """Whether no sample is louder than `LOUDEST`. Reading ends at the first block that has one."""
    width = (bits + 7) // 8
    if code not in {PCM, FLOAT, A_LAW, MU_LAW} or not 0 < block <= STEP:
        return False
    step = STEP - STEP % block
    while begin < end:
        content = window.at(begin, min(step, end - begin))
        if not content or not _is_quiet(content[: len(content) - len(content) % width], code, width, order):
            return not content
        begin += len(content)
    return True


def _is_quiet(content: bytes, code: int, width: int, order: str) -> bool:
    if code in {A_LAW, MU_LAW} or (code == PCM and width == 1):
        return not content.translate(None, MUTE[code])
    if content.count(0) == len(content):
        return True
    if code == FLOAT:
        return width in {4, 8} and _peak(array("f" if width == 4 else "d", content), order) <= LOUDEST
    if width > 2:  # its upper two bytes, which are enough
        upper = width - 2 if order == "<" else 0
        both = bytearray(len(content) // width * 2)
        both[0::2], both[1::2] = content[upper::width], content[upper + 1 :: width]
        content = bytes(both)
    return _peak(array("h", content), order) <= LOUDEST * 32768


def _peak(samples: "array[int] | array[float]", order: str) -> float:
    if (order == "<") != (sys.byteorder == "little"):
        samples.byteswap()
    loudest = max(max(samples, default=0), -min(samples, default=0))
    return loudest if loudest == loudest else float("inf")  # not a number
