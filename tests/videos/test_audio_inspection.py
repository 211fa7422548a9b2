"""What an uploaded recording really is: by its content, and by the sound that is there."""

import io
import random
import tracemalloc

import pytest

from tavusweb.videos import audio_mp3
from tavusweb.videos.audio_inspection import AudioProblem, inspect
from tavusweb.videos.audio_kinds import ASF, ASF_VIDEO
from tavusweb.videos.audio_window import STEP
from tests.videos.recordings import ADPCM, EXTENSIBLE, FLOAT, MP3_INSIDE, adts, chunk, id3, mp3, riff, wav, xing


class Counted(io.BytesIO):
    """A file that knows how much of it was read."""

    total = largest = 0

    def read(self, size: int | None = -1) -> bytes:
        content = super().read(size)
        self.total += len(content)
        self.largest = max(self.largest, len(content))
        return content


def mp4_tracks(*kinds: bytes) -> bytes:
    tracks = b"".join(b"trakhdlr\0\0\0\0\0\0\0\0" + kind for kind in kinds)
    return b"\0\0\x10\0mdat" + bytes(4088) + (len(tracks) + 8).to_bytes(4, "big") + b"moov" + tracks


@pytest.mark.parametrize(
    ("content", "extension", "seconds"),
    [
        (wav(4), "wav", 4),
        (wav(4, width=1), "wav", 4),
        (wav(4, width=3, rate=48_000, channels=2), "wav", 4),
        (riff(bytes(4 * 32_000), kind=FLOAT, frame=4), "wav", 4),
        (riff(bytes(4 * 16_000), kind=EXTENSIBLE), "wav", 4),
        (riff(bytes(4 * 4_055), kind=ADPCM, frame=256, bytes_per_second=4_055), "wav", 4),
        (riff(bytes(4 * 16_000), before=chunk(b"LIST", bytes(301))), "wav", 4),
        (mp3(4), "mp3", 4),
        (mp3(4, is_mpeg2=True), "mp3", 4),
        (mp3(4, protected=True), "mp3", 4),
        (id3() + mp3(4), "mp3", 4),
        (id3(100_000) + mp3(4), "mp3", 4),
        (mp3(4) + b"TAG".ljust(128, b"\0"), "mp3", 4),
    ],
)
def test_type_and_length_come_from_the_content(content: bytes, extension: str, seconds: float) -> None:
    facts = inspect(io.BytesIO(content))

    assert facts.extension == extension
    assert facts.seconds == pytest.approx(seconds, abs=0.1)


@pytest.mark.parametrize("make", [wav, mp3])
@pytest.mark.parametrize(
    ("seconds", "problem"),
    [
        (1, r"This recording is 1(\.0)? seconds? long\. The minimum is 3 seconds\."),
        (2.5, r"This recording is 2\.5 seconds long\. The minimum is 3 seconds\."),
        (605, r"This recording is 10 min [56] s long\. The maximum is 10 minutes\."),
        (3700, r"This recording is over an hour long\. The maximum is 10 minutes\."),
    ],
)
def test_error_names_the_length_of_the_recording(make: object, seconds: float, problem: str) -> None:
    content = make(seconds)  # type: ignore[operator]

    with pytest.raises(AudioProblem, match=problem):
        inspect(io.BytesIO(content))


@pytest.mark.parametrize("make", [wav, mp3])
@pytest.mark.parametrize("seconds", [3, 599.9])
def test_lengths_at_the_limits_are_allowed(make: object, seconds: float) -> None:
    content = make(seconds)  # type: ignore[operator]

    facts = inspect(io.BytesIO(content))

    assert facts.seconds == pytest.approx(seconds, abs=0.1)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"Hello, this is only text. " * 100, "looks like a text file"),
        (("Grüße aus Köln. " * 1000).encode(), "looks like a text file"),
        (("\ufeff" + "Text of Windows. " * 500).encode("utf-16-le"), "looks like a text file"),
        (b"\n<!DOCTYPE html><title>Error</title>" * 50, "looks like a web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 50, "looks like an SVG image"),
        (b"%PDF-1.7\n" + bytes(500), "looks like a PDF"),
        (id3() + b"%PDF-1.7\n" + bytes(500), "looks like a PDF"),
        (b"PK\x03\x04" + bytes(500), "looks like a ZIP archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "looks like a PNG image"),
        (b"\xff\xd8\xff\xe0" + bytes(500), "looks like a JPEG image"),
        (b"RIFF\0\0\0\0WEBPVP8 " + bytes(500), "looks like a WebP image"),
        (b"\0\0\0\x20ftypheic" + bytes(500), "looks like a HEIC or AVIF image"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0" + bytes(500), "is M4A audio"),
        (b"\0\0\0\x10ftypisom\0\0\0\0" + mp4_tracks(b"soun"), "is M4A audio"),
        (b"\0\0\0\x10ftypisom\0\0\0\0" + mp4_tracks(b"soun", b"vide"), "is MP4 video"),
        (b"OggS\0\x02" + bytes(22) + b"OpusHead" + bytes(500), "is Opus audio"),
        (b"OggS\0\x02" + bytes(22) + b"\x01vorbis" + bytes(500), "is Ogg Vorbis audio"),
        (b"OggS\0\x02" + bytes(22) + b"\x80theora" + bytes(500), "is Ogg video"),
        (b"fLaC\0\0\0\x22" + bytes(500), "is FLAC audio"),
        (id3(0) + b"fLaC" + bytes(5000), "is FLAC audio"),
        (b"FORM\0\0\0\0AIFFCOMM" + bytes(500), "is AIFF audio"),
        (b"#!AMR\n" + bytes(500), "is AMR audio"),
        (b"caff\0\x01" + bytes(500), "is CAF audio"),
        (ASF + bytes(500), "is WMA audio"),
        (ASF + bytes(50) + ASF_VIDEO + bytes(500), "is WMV video"),
        (b"\x1a\x45\xdf\xa3\x93\x42\x82\x84webm" + bytes(30) + b"A_OPUS" + bytes(500), "is WebM audio"),
        (b"\x1a\x45\xdf\xa3\x93\x42\x82\x84webm" + bytes(30) + b"V_VP9 A_OPUS" + bytes(500), "is WebM video"),
        (b"RIFF\0\0\0\0AVI LIST" + bytes(500), "is AVI video"),
        (b"Creative Voice File\x1a" + bytes(500), "is VOC audio"),
        (b".SoX" + bytes(500), "is SoX audio"),
        (b"\x56\xe0\x10" + bytes(16) + (b"\x56\xe0\x10" + bytes(16)) * 9, "is AAC audio"),
        (b"\xa0\x28\x10\x20\xf8\x72\x6f\xba" + bytes(500), "is TrueHD audio"),
        (b"\xa0\x28\x10\x20\xf8\x72\x6f\xbb" + bytes(500), "is MLP audio"),
        (adts(50), "is AAC audio"),
        (id3() + adts(50), "is AAC audio"),
        (mp3(4, layer=2), "is MP2 audio"),
        (b"SQLite format 3\0" + bytes(500), "is of type SQLITE"),
        (bytes(5000), "isn’t MP3 or WAV audio"),
        (random.Random(1).randbytes(300_000), "isn’t MP3 or WAV audio"),
    ],
)
def test_other_file_types_are_named(content: bytes, problem: str) -> None:
    with pytest.raises(AudioProblem, match=problem):
        inspect(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (wav(4)[:20], "format header is missing"),
        (wav(4)[:36], "contains no sound"),
        (wav(4)[:44], "contains no sound"),
        (wav(0), "contains no sound"),
        (riff(b"", claimed=100_000), "contains no sound"),
        (riff(b"", claimed=0, after=chunk(b"LIST", bytes(100_000))), "contains no sound"),
        (riff(bytes(100_000), rate=0), "format header makes no sense"),
        (riff(bytes(100_000), kind=ADPCM, frame=0), "format header makes no sense"),
        (riff(bytes(100_000), kind=0x161), "contains WMA audio"),
        (riff(bytes(100_000), kind=0x7ABC), r"unknown encoding \(0x7ABC\)"),
        (riff(bytes(100_000), kind=MP3_INSIDE), "no sound in it can be decoded"),
        (b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 5000, "format header is missing"),
        (b"RIFF\0\0\0\0WAVE" + b"junk\xff\xff\xff\xff" * 5, "format header is missing"),
        (id3(), "contains no sound"),
        (id3(0) + bytes(5000), "contains no sound"),
        (id3()[:8], "isn’t MP3 or WAV audio"),
        (b"\xff\xfb", "isn’t MP3 or WAV audio"),
        (b"\xff\xfb\x90\xc0", "isn’t MP3 or WAV audio"),
        (xing(10_000, 4_170_000), "isn’t MP3 or WAV audio|0 seconds"),
    ],
)
def test_damaged_recording_is_refused_with_the_reason(content: bytes, problem: str) -> None:
    with pytest.raises(AudioProblem, match=problem):
        inspect(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        riff(bytes(16_000), claimed=160_000),
        riff(bytes(16_000), claimed=2**32 - 1),
        wav(60)[:16_044],
        xing(10_000, 4_170_000) + mp3(1),
    ],
)
def test_header_that_claims_too_much_is_not_trusted(content: bytes) -> None:
    with pytest.raises(AudioProblem, match=r"recording is (1|1\.0|0\.9) seconds? long"):
        inspect(io.BytesIO(content))


def test_stream_without_a_length_is_measured() -> None:
    facts = inspect(io.BytesIO(riff(bytes(4 * 16_000), claimed=2**32 - 1)))

    assert facts.seconds == pytest.approx(4)


@pytest.mark.thorough
@pytest.mark.parametrize(
    "content",
    [
        wav(590, rate=16_000),
        mp3(590),
        id3(8_000_000) + mp3(4),
        xing(20_000, 417 * 20_000) + mp3(522),
        b"RIFF\0\0\0\0WAVE" + chunk(b"LIST", bytes(8_000_000)) + wav(4)[12:],
    ],
)
def test_large_recording_is_not_read_into_memory(content: bytes) -> None:
    file = Counted(content)

    tracemalloc.start()
    inspect(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert file.largest <= STEP
    assert file.total < len(content) * 1.1 + 4 * STEP
    assert peak < 1_500_000


@pytest.mark.parametrize(
    "junk",
    [
        bytes(1_000),
        b"\xff" * 1_000,
        b"\xff\xfb\x90\x00\x00" * 300,
        b"".join(b"\xff\xfb\0".ljust(9 + n * n % 67) for n in range(500)),
    ],
    ids=["zeros", "ones", "headers", "free format"],
)
@pytest.mark.parametrize("before", [b"", mp3(4)], ids=["at the beginning", "behind sound"])
def test_search_through_junk_gives_up(before: bytes, junk: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    # A sixteenth of the real limits, which would take seconds.
    monkeypatch.setattr(audio_mp3, "MAX_JUNK", audio_mp3.MAX_JUNK // 16)
    monkeypatch.setattr(audio_mp3, "MAX_CANDIDATES", audio_mp3.MAX_CANDIDATES // 16)
    file = Counted(before + junk * (5_000_000 // len(junk)))

    with pytest.raises(AudioProblem, match=r"isn’t MP3 or WAV audio|can’t be determined|seconds long"):
        inspect(file)

    assert file.total < 4_700_000
