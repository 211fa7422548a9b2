"""Limits on guessing hold with many simultaneous guesses and several web processes."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import httpx
import pytest

from tests.browser.site import OWNER, PASSWORD, Site

GUESSERS = 24


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(Path(tmp_path_factory.mktemp("limits")))
    site.start()
    yield site
    site.stop()


def at_once(guess: Callable[[httpx.Client], str], url: str) -> Counter[str]:
    """Return the responses to this many browsers that guess simultaneously."""
    ready = Barrier(GUESSERS, timeout=30)

    def one(_: int) -> str:
        with httpx.Client(base_url=url, timeout=60) as client:
            client.get("/account/login/")  # opens the connection and gets the CSRF cookie
            ready.wait()
            return guess(client)

    with ThreadPoolExecutor(GUESSERS) as crowd:
        return Counter(crowd.map(one, range(GUESSERS)))


def test_simultaneous_password_guesses_share_five_attempts_and_the_owner_waits_too(site: Site) -> None:
    def sign_in(client: httpx.Client, password: str = "not-the-password") -> str:
        fields = {"login": OWNER, "password": password, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        answer = client.post("/account/login/", data=fields, headers={"referer": site.url})
        answers = {"Incorrect email or password": "wrong", "Too many failed": "too many"}
        return next((name for words, name in answers.items() if words in answer.text), str(answer.status_code))

    answers = at_once(sign_in, site.url)
    with httpx.Client(base_url=site.url) as owner:
        owner.get("/account/login/")
        right = sign_in(owner, PASSWORD)

    assert 1 <= answers["wrong"] <= 5
    assert answers["wrong"] + answers["too many"] == GUESSERS, answers
    assert right == "too many"


def test_simultaneous_guesses_at_a_share_page_share_ten_attempts(site: Site) -> None:
    path = site.seed("locked_share")

    answers = at_once(
        lambda client: str(client.post(path, data={"password": "not-the-password"}).status_code), site.url
    )

    assert answers == {"422": 10, "429": GUESSERS - 10}
