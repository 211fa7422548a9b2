"""Recordings in which nothing can be heard, beside the peak that FFmpeg decodes (`recorded_silence/make.py` made both)."""

import csv
import io
import struct
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tavusweb.keys.models import APIKey
from tavusweb.videos.audio_inspection import inspect
from tavusweb.videos.models import AudioFile, Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tests.videos.recordings import FLOAT, chunk, mp3, riff, wav
from tests.videos.test_forms import GOOD

FOLDER = Path(__file__).parent / "recorded_silence"
TABLE = list(csv.reader((FOLDER / "peaks.csv").read_text(encoding="utf-8").splitlines()))[1:]
INAUDIBLE = -72.0  # dB: the smallest step of A-law; of 8 bits, it is -42 dB, and less is nothing
NOTE = "Nothing can be heard in this recording. The replica won’t speak."


def is_silent(content: bytes) -> bool:
    return inspect(io.BytesIO(content)).is_silent


@pytest.mark.parametrize(("name", "peak", "silent"), TABLE, ids=[row[0] for row in TABLE])
def test_recording_is_called_silent_only_if_the_decoder_hears_nothing(name: str, peak: str, silent: str) -> None:
    assert is_silent((FOLDER / name).read_bytes()) is (silent == "yes")
    assert silent == "no" or float(peak) <= INAUDIBLE


def test_every_silence_is_told_where_its_samples_can_be_read() -> None:
    told = {row[0] for row in TABLE if row[2] == "yes"}

    assert {row[0] for row in TABLE if row[0].startswith("silence")} - told == {"silence-adpcm.wav"}
    assert {"word-in-silence.mp3", "whisper.mp3", "hiss-pcm_s16le.wav", "word-in-silence-pcm_u8.wav"}.isdisjoint(told)


@pytest.mark.parametrize("at", [0, 7_999, 40_000, 63_999])
@pytest.mark.parametrize("sample", [-32768, -4, 4, 32767])
def test_one_sample_that_can_be_heard_is_enough(at: int, sample: int) -> None:
    sound = bytearray(128_000)
    sound[2 * at : 2 * at + 2] = struct.pack("<h", sample)

    assert not is_silent(riff(bytes(sound)))


@pytest.mark.parametrize("sample", [-3, -1, 1, 3])
def test_samples_below_80_db_are_silence(sample: int) -> None:
    assert is_silent(riff(struct.pack("<h", sample) * 32_000))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 0.5])
def test_floating_point_that_is_no_small_number_is_not_called_silent(value: float) -> None:
    assert not is_silent(riff(struct.pack("<f", value) * 32_000, kind=FLOAT, frame=4))


def test_frame_with_sound_data_ends_the_silence_of_an_mp3() -> None:
    silent = mp3(4)
    frame = silent[:417]
    loud = frame[:10] + b"\xff" * 8 + frame[18:]

    assert is_silent(silent)
    assert not is_silent(silent + loud + silent)


def test_only_the_part_that_is_played_counts() -> None:
    content = wav(4) + chunk(b"LIST", b"\xff" * 999)

    assert is_silent(content)


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("voice.wav", content)


def test_silent_recording_is_noted_beside_generate_and_not_refused(
    as_maria: Client, workspace: Workspace, key: APIKey
) -> None:
    refused = as_maria.post(
        "/w/acme/videos/new/", GOOD | {"script": "", "replica_id": "", "audio_file": upload(wav(4))}
    )
    page: Any = refused.content.decode()

    assert refused.status_code == 422
    assert NOTE in page
    assert 'id="silent_note" class="alert" data-tone="wait" role="status">' in page
    assert AudioFile.objects.get().is_silent

    generated = as_maria.post("/w/acme/videos/new/", GOOD | {"script": "", "audio": str(AudioFile.objects.get().pk)})
    assert generated.status_code == 302
    assert Video.objects.get().status == Status.WAITING


def test_recording_that_can_be_heard_has_no_note(as_maria: Client, workspace: Workspace, key: APIKey) -> None:
    loud = riff(struct.pack("<h", 9000) * 32_000)

    page: Any = as_maria.post(
        "/w/acme/videos/new/", GOOD | {"script": "", "replica_id": "", "audio_file": upload(loud)}
    )

    assert 'id="silent_note" class="alert" data-tone="wait" role="status" hidden>' in page.content.decode()
    assert not AudioFile.objects.get().is_silent
