import pytest

from tavusweb.backoff import pause_after


@pytest.mark.parametrize(
    ("failures", "seconds"), [(-1, 2), (0, 2), (1, 2), (2, 4), (3, 8), (8, 256), (9, 300), (10**6, 300)]
)
def test_pause_doubles_with_each_failure_up_to_the_longest(failures: int, seconds: float) -> None:
    assert pause_after(failures, first=2, longest=300) == seconds
