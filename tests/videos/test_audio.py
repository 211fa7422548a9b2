"""What an uploaded recording really is: by its content, and by the sound that is there."""

import io
import time
import tracemalloc

import pytest

from tavusweb.videos.audio_check import AudioProblem, inspect
from tests.videos.recordings import ADPCM, EXTENSIBLE, FLOAT, chunk, id3, mp3, riff, wav, xing


class Counted(io.BytesIO):
    """A file that knows how much of it was read."""

    total = largest = 0

    def read(self, size: int | None = -1) -> bytes:
        content = super().read(size)
        self.total += len(content)
        self.largest = max(self.largest, len(content))
        return content


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
def test_the_content_tells_the_type_and_the_length(content: bytes, extension: str, seconds: float) -> None:
    facts = inspect(io.BytesIO(content))

    assert facts.extension == extension
    assert facts.seconds == pytest.approx(seconds, abs=0.1)


@pytest.mark.parametrize("make", [wav, mp3])
@pytest.mark.parametrize(
    ("seconds", "problem"),
    [(2.5, "2.5 seconds; Tavus needs at least 3"), (605, "10:05 minutes; Tavus takes 10 at most")],
)
def test_a_recording_that_is_too_short_or_too_long_is_told_its_length(
    make: object, seconds: float, problem: str
) -> None:
    content = make(seconds)  # type: ignore[operator]

    with pytest.raises(AudioProblem, match=problem):
        inspect(io.BytesIO(content))


@pytest.mark.parametrize("make", [wav, mp3])
@pytest.mark.parametrize("seconds", [3, 599.9])
def test_the_limits_themselves_are_allowed(make: object, seconds: float) -> None:
    content = make(seconds)  # type: ignore[operator]

    facts = inspect(io.BytesIO(content))

    assert facts.seconds == pytest.approx(seconds, abs=0.1)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"Hello, this is only text. " * 100, "does not look like audio"),
        ("\ufeffText of Windows".encode("utf-16-le") * 50, "does not look like audio"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "looks like PNG"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0" + bytes(500), "looks like M4A"),
        (b"OggS\0\x02" + bytes(500), "looks like OGG"),
        (b"fLaC\0\0\0\x22" + bytes(500), "looks like FLAC"),
        (b"RIFF\0\0\0\0AVI LIST" + bytes(500), "looks like AVI"),
        (b"\xff\xf1\x50\x80" + bytes(500), "looks like AAC"),
    ],
)
def test_another_kind_of_file_is_named_whatever_it_calls_itself(content: bytes, problem: str) -> None:
    with pytest.raises(AudioProblem, match=problem):
        inspect(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        wav(4)[:20],
        wav(4)[:36],
        wav(4)[:44],
        wav(0),
        riff(b"", claimed=100_000),
        riff(bytes(100_000), rate=0),
        riff(bytes(100_000), frame=0),
        b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 5000,
        b"RIFF\0\0\0\0WAVE" + b"junk\xff\xff\xff\xff" * 5,
        id3(),
        id3()[:8],
        b"\xff\xfb",
        b"\xff\xfb\x90\xc0",
        id3(0) + b"fLaC" + bytes(5000),
        id3(0) + bytes(5000),
    ],
)
def test_a_damaged_recording_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(AudioProblem, match=r"cannot be read|needs at least 3"):
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
def test_a_header_that_promises_more_than_there_is_is_not_believed(content: bytes) -> None:
    with pytest.raises(AudioProblem, match=r"1\.0 seconds"):
        inspect(io.BytesIO(content))


def test_a_stream_that_never_wrote_its_length_is_as_long_as_it_is() -> None:
    facts = inspect(io.BytesIO(riff(bytes(4 * 16_000), claimed=2**32 - 1)))

    assert facts.seconds == pytest.approx(4)


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
def test_a_large_recording_is_never_read_into_memory(content: bytes) -> None:
    file = Counted(content)

    tracemalloc.start()
    inspect(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert file.largest <= 8192
    assert file.total < 64 * 1024
    assert peak < 1_000_000


@pytest.mark.parametrize("rubbish", [bytes(30_000_000), b"\xff" * 30_000_000])
def test_rubbish_behind_a_good_beginning_is_given_up_soon(rubbish: bytes) -> None:
    began = time.process_time()

    with pytest.raises(AudioProblem):
        inspect(io.BytesIO(id3(0) + rubbish))

    assert time.process_time() - began < 2
