"""The header of an MPEG audio frame (ISO 11172-3, 13818-3 and the unofficial 2.5), and the tags around frames."""

from dataclasses import dataclass
from functools import lru_cache

from .audio_window import Window

# kbit/s by index, after index 0 ("free format"), for MPEG 1 layers 1 to 3, then for MPEG 2 and 2.5.
BIT_RATES = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
SAMPLE_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
RESERVED_VERSION = 1
MAX_TAGS = 100  # at either end


@dataclass(frozen=True)
class Frame:
    version: int  # as in the header: 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5
    layer: int
    rate: int
    samples: int
    size: int  # bytes, 0 in free format
    padding: int  # bytes, part of `size`
    is_mono: bool

    @property
    def kind(self) -> tuple[int, int, int]:
        """The values that all frames of a recording share."""
        return self.version, self.layer, self.rate

    @property
    def side_info(self) -> int:
        """Bytes between the header and the main data of layer III."""
        if self.version == 3:
            return 17 if self.is_mono else 32
        return 9 if self.is_mono else 17


@lru_cache(maxsize=1024)
def frame(header: bytes) -> Frame | None:
    """Read a frame header of four bytes; None when it is not one."""
    if len(header) != 4 or header[0] != 0xFF or header[1] < 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    index, rate = header[2] >> 4, header[2] >> 2 & 3
    if version == RESERVED_VERSION or layer == 4 or index == 15 or rate == 3:
        return None
    generation = 1 if version == 3 else 2
    hertz = SAMPLE_RATES[version][rate]
    samples = {1: 384, 2: 1152, 3: 1152 if generation == 1 else 576}[layer]
    slot = 4 if layer == 1 else 1
    padding = (header[2] >> 1 & 1) * slot
    bits = 1000 * BIT_RATES[generation, layer][index - 1] if index else 0
    size = samples // 8 // slot * bits // hertz * slot + padding if bits else 0
    return Frame(version, layer, hertz, samples, size, padding, header[3] >> 6 == 3)


def after_tag(window: Window, position: int) -> int | None:
    """The end of the tag (ID3v2, ID3v1, APE, Lyrics3) that begins here; None if there is none."""
    head = window.at(position, 32)
    if head.startswith(b"ID3") and len(head) >= 10 and max(head[6:10]) < 0x80 and 0xFF not in head[3:5]:
        return position + 10 + _synchsafe(head[6:10]) + (10 if head[5] & 0x10 else 0)
    if head.startswith(b"APETAGEX") and len(head) == 32:
        return position + int.from_bytes(head[12:16], "little") + (32 if head[23] & 0x20 else 0)
    if head.startswith(b"TAG+"):
        return position + 227
    if head.startswith(b"TAG") and position + 128 >= window.size:
        return window.size
    return None


def sound_start(window: Window, position: int = 0) -> int:
    """Where the leading tags end."""
    for _ in range(MAX_TAGS):
        after = after_tag(window, position)
        if after is None:
            break
        position = after
    return position


def sound_end(window: Window, start: int, end: int) -> int:
    """Where the trailing tags begin."""
    for _ in range(MAX_TAGS):
        before = _before_tag(window, end)
        if before is None or before < start:
            break
        end = before
    return end


def _before_tag(window: Window, end: int) -> int | None:
    if end >= 128 and window.at(end - 128, 3) == b"TAG":
        return end - 128
    if end >= 227 and window.at(end - 227, 4) == b"TAG+":
        return end - 227
    foot = window.at(max(end - 32, 0), 32)
    if foot.startswith(b"APETAGEX"):
        return end - int.from_bytes(foot[12:16], "little") - (32 if foot[23] & 0x80 else 0)
    if foot.endswith(b"LYRICS200") and foot[-15:-9].isdigit():
        return end - 15 - int(foot[-15:-9])
    if foot[-10:-7] == b"3DI":
        return end - 20 - _synchsafe(foot[-4:])
    return None


def _synchsafe(content: bytes) -> int:
    return content[0] << 21 | content[1] << 14 | content[2] << 7 | content[3]
