"""Small recordings, made byte by byte."""

import io
import math
import struct
import wave

PCM, FLOAT, ADPCM, MP3_INSIDE, EXTENSIBLE = 1, 3, 0x11, 0x55, 0xFFFE


def wav(seconds: float, *, rate: int = 8000, width: int = 2, channels: int = 1) -> bytes:
    """Silence as plain PCM, as the standard library writes it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as recording:
        recording.setparams((channels, width, rate, 0, "NONE", ""))
        recording.writeframes(bytes(int(seconds * rate) * width * channels))
    return file.getvalue()


def riff(
    sound: bytes,
    *,
    kind: int = PCM,
    rate: int = 8000,
    frame: int = 2,
    bytes_per_second: int | None = None,
    claimed: int | None = None,
    before: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """A WAV file with any header: `claimed` is the length that it says its sound has."""
    layout = struct.pack("<HHIIHH", kind, 1, rate, bytes_per_second or rate * frame, frame, 8 * frame)
    body = b"WAVE" + before + chunk(b"fmt ", layout) + chunk(b"data", sound, claimed) + after
    return b"RIFF" + struct.pack("<I", len(body) % 2**32) + body


def chunk(name: bytes, content: bytes, claimed: int | None = None) -> bytes:
    padding = b"\0" * (len(content) % 2)
    return name + struct.pack("<I", len(content) if claimed is None else claimed) + content + padding


def mp3(seconds: float, *, is_mpeg2: bool = False, protected: bool = False, layer: int = 3) -> bytes:
    """Silent frames of constant size: MPEG-1 at 44.1 kHz and 128 kbit/s, or MPEG-2 at 22.05 kHz and 64 kbit/s."""
    samples, rate, bits = (576, 22_050, 64_000) if is_mpeg2 else (1152, 44_100, 160_000 if layer == 2 else 128_000)
    second = (0xF1 if is_mpeg2 else 0xF9) + 2 * (4 - layer) - protected
    header = bytes([0xFF, second, 0x80 if is_mpeg2 else 0x90, 0xC0])
    length = samples // 8 * bits // rate
    return (header + bytes(length - 4)) * math.ceil(seconds * rate / samples)


def adts(frames: int, length: int = 200) -> bytes:
    """Frames of AAC as they stand in a file of their own, or in a radio stream."""
    size = bytes([0x80 | length >> 11, length >> 3 & 0xFF, (length & 7) << 5 | 0x1F, 0xFC])
    return (b"\xff\xf1\x50" + size + bytes(length - 7)) * frames


def xing(frames: int, size: int) -> bytes:
    """The first frame of an MP3 of varying bit rate, which says how long the whole is."""
    return (bytes([0xFF, 0xFB, 0x90, 0xC0]) + bytes(17) + b"Xing" + struct.pack(">III", 3, frames, size)).ljust(
        417, b"\0"
    )


def id3(size: int = 300) -> bytes:
    return b"ID3\x04\x00\x00" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + bytes(size)
