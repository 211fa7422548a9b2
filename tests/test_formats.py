from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

AT = datetime(2026, 11, 6, 17, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "name", "shown"),
    [
        ("en", "DATE_FORMAT", "6 November 2026"),
        ("en", "DATETIME_FORMAT", "6 November 2026, 17:05"),
        ("en", "SHORT_DATETIME_FORMAT", "6 Nov 2026, 17:05:09"),
        ("de", "DATE_FORMAT", "6. November 2026"),
        ("ja", "DATE_FORMAT", "2026年11月6日"),
    ],
)
def test_dates_follow_the_language(language: str, name: str, shown: str) -> None:
    with translation.override(language):
        assert Template(f"{{{{ at|date:'{name}' }}}}").render(Context({"at": AT})) == shown
