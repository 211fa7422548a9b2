import pytest
import time_machine

from tavusweb.rate_limits import Limit, may_go_on
from tests.simultaneous import simultaneously


def ask(who: str = "maria") -> bool:
    return may_go_on(Limit.UNLOCK, who)


@time_machine.travel("2026-11-22 10:00:00Z", tick=False)
def test_each_key_is_limited_until_the_next_window(db: None) -> None:
    first = [ask() for _ in range(12)]
    another = ask("erik")

    with time_machine.travel("2026-11-22 10:10:00Z", tick=False):
        later = ask()

    assert first == [True] * 10 + [False] * 2
    assert another
    assert later


@pytest.mark.django_db(transaction=True)
def test_concurrent_requests_do_not_exceed_the_limit() -> None:
    """Each thread has its own connection to the cache's table, like a process."""
    answers = simultaneously(*[lambda: may_go_on(Limit.UNLOCK, "all")] * 12)

    assert sorted(answers) == [False] * 2 + [True] * 10


def test_any_text_can_be_a_rate_limit_key(db: None) -> None:
    assert ask("a b\n\0 \ud800 ü" * 100)
