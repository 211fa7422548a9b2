"""Recordings of every kind, measured against what FFmpeg decodes (`recorded/make.py` has made both)."""

import csv
from pathlib import Path

import pytest

from tavusweb.videos.audio_inspection import AudioProblem, inspect

FOLDER = Path(__file__).parent / "recorded"
TABLE = list(csv.reader((FOLDER / "lengths.csv").read_text(encoding="utf-8").splitlines()))[1:]
FRAME = 0.072  # seconds: the longest that a frame of an MP3 can be


def judged(name: str) -> str:
    with (FOLDER / name).open("rb") as file:
        try:
            facts = inspect(file)
        except AudioProblem as problem:
            return str(problem)
    return f"{facts.extension} {facts.seconds:.3f}"


@pytest.mark.parametrize(("name", "decoded", "verdict"), TABLE, ids=[row[0] for row in TABLE])
def test_recorded_length_matches_the_decoder(name: str, decoded: str, verdict: str) -> None:
    result = judged(name)

    assert result == verdict
    if verdict.startswith(("mp3 ", "wav ")):
        tolerance = FRAME if verdict.startswith("mp3") else 0.05
        assert float(result.split()[1]) == pytest.approx(float(decoded), abs=tolerance + 0.001)


def test_every_recorded_file_is_in_the_table() -> None:
    assert {row[0] for row in TABLE} == {path.name for path in FOLDER.iterdir() if path.suffix in {".mp3", ".wav"}}
