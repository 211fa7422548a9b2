"""When a video counts as approved, as a table; and what the fingerprint covers."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from tavusweb.reviews.fingerprint import UNSEEN, fingerprint
from tavusweb.reviews.standing import Standing, Voice, standing
from tavusweb.videos.spec import VideoSpec

NOW = datetime(2026, 11, 27, tzinfo=UTC)
ADA = Voice("ada", "approved", "f1", NOW)
BOB = Voice("bob", "approved", "f1", NOW + timedelta(minutes=1))
BOB_CHANGES = replace(BOB, kind="changes")
LATER = NOW + timedelta(hours=1)

CASES = [
    ("nobody", [], 1, Standing.NONE),
    ("one of one", [ADA], 1, Standing.APPROVED),
    ("one of two", [ADA], 2, Standing.NONE),
    ("two of two", [ADA, BOB], 2, Standing.APPROVED),
    ("the same one twice", [ADA, replace(ADA, at=LATER)], 2, Standing.NONE),
    ("changes outweigh", [ADA, BOB_CHANGES], 1, Standing.CHANGES),
    ("a mind that was changed", [BOB_CHANGES, replace(BOB, at=LATER)], 1, Standing.APPROVED),
    ("and back", [BOB, replace(BOB_CHANGES, at=LATER)], 1, Standing.CHANGES),
    ("withdrawn", [replace(ADA, is_withdrawn=True)], 1, Standing.NONE),
    ("of another take", [replace(ADA, fingerprint="f0")], 1, Standing.NONE),
    ("an older request of another take", [replace(BOB_CHANGES, fingerprint="f0"), ADA], 1, Standing.APPROVED),
]


@pytest.mark.parametrize(("voices", "required", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_standing(voices: list[Voice], required: int, expected: Standing) -> None:
    assert standing(voices, "f1", required=required) == expected
    assert standing(reversed(voices), "f1", required=required) == expected, "in any order"


SPEC = VideoSpec(title="Launch", script="Hello.", replica_id="r1")
OTHERS = {bool: lambda value: not value, str: lambda value: f"{value}x"}


@pytest.mark.parametrize("name", sorted({each.name for each in fields(VideoSpec)} - UNSEEN - {"audio"}))
def test_fingerprint_covers_everything_visible_or_audible(name: str) -> None:
    value = getattr(SPEC, name)
    changed = replace(SPEC, **{name: OTHERS[bool if isinstance(value, bool) else str](value)})

    assert fingerprint(changed, "v1") != fingerprint(SPEC, "v1")


def test_fingerprint_covers_the_take_and_not_the_title() -> None:
    assert fingerprint(SPEC, "v2") != fingerprint(SPEC, "v1")
    assert fingerprint(replace(SPEC, title="Other"), "v1") == fingerprint(SPEC, "v1")
    assert len(fingerprint(SPEC, "v1")) == 64
