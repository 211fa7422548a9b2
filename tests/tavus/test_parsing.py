from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavusweb.tavus import parse_date


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Tue, 24 Jun 2025 07:01:57 GMT", datetime(2025, 6, 24, 7, 1, 57, tzinfo=UTC)),
        ("2024-08-28 15:27:40.824457", datetime(2024, 8, 28, 15, 27, 40, 824457, tzinfo=UTC)),
        ("2024-01-24T07:14:03.327Z", datetime(2024, 1, 24, 7, 14, 3, 327000, tzinfo=UTC)),
        ("2024-01-24T09:14:03+02:00", datetime(2024, 1, 24, 7, 14, 3, tzinfo=UTC)),
        (" 2024-01-24T07:14:03 ", datetime(2024, 1, 24, 7, 14, 3, tzinfo=UTC)),
        ("Tue, 24 Jun 2025 07:01:57 -0000", datetime(2025, 6, 24, 7, 1, 57, tzinfo=UTC)),
    ],
)
def test_every_date_format_is_read_as_utc(written, meant):
    read = parse_date(written)

    assert read == meant
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "soon",
        1750000000,
        3.5,
        True,
        [],
        "2025-13-45",
        "24/06/2025 10:00",
        "Tue, 99 Jun 2025 07:01:57 GMT",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "x" * 10_000,
        "\ud800",
    ],
)
def test_anything_else_is_not_a_date(written):
    assert parse_date(written) is None


@pytest.mark.thorough
@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ ([+-]\d+|[A-Z]+)", fullmatch=True))
def test_no_text_breaks_date_parsing(written):
    read = parse_date(written)

    assert read is None or read.tzinfo is UTC
