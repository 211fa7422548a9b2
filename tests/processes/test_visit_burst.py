"""A burst of beacons to the real web server, which is told to stop during it: each that was answered counts.

Ten thousand on SQLite, where writing is the bottleneck; fewer on PostgreSQL, where a minute proves nothing more.
"""

import contextlib
import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests import services
from tests.browser.site import Site
from tools.test import missing_services

BEACONS = {"SQLite": 10_000, "PostgreSQL": 2_500}
CONNECTIONS = 8
HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
}


class Crowd:
    """So many browsers, each telling of one opening until it is answered."""

    def __init__(self, site: Site, address: str, number: int) -> None:
        self.number = number
        self.host, self.path = site.url.removeprefix("http://"), f"{address}visit/"
        self.answered = itertools.count()
        self.is_half = threading.Event()
        self.may_go_on = threading.Event()

    def come(self) -> None:
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(self._tell, range(CONNECTIONS)))

    def _tell(self, first: int) -> None:
        connection = HTTPConnection(self.host, timeout=30)
        for number in range(first, self.number, CONNECTIONS):
            while not self._is_answered(connection, number):
                connection.close()
                self.is_half.set()
                self.may_go_on.wait(60)  # for the server to be there again
            if next(self.answered) == self.number // 2:
                self.is_half.set()
        connection.close()

    def _is_answered(self, connection: HTTPConnection, number: int) -> bool:
        with contextlib.suppress(OSError, HTTPException):
            connection.request("POST", self.path, f"visit={number:032x}&event=opened", HEADERS)
            answer = connection.getresponse()
            answer.read()
            return answer.status == 204
        return False

    def count(self) -> int:
        """How many were answered. Called once nobody is."""
        return next(self.answered)


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with contextlib.ExitStack() as stack:
        database = {}
        if request.param == "PostgreSQL":
            if missing_services():
                pytest.skip(f"{missing_services()} not found")
            database = {"DATABASE_URL": stack.enter_context(services.postgres()).url}
        site = Site(tmp_path, **database)
        stack.callback(site.stop)
        site.start()
        yield site
        assert site.crashes() == []


@pytest.mark.parametrize(("site", "number"), list(BEACONS.items()), indirect=["site"])
def test_burst_loses_no_visit_when_the_server_restarts_during_it(site: Site, number: int) -> None:
    crowd = Crowd(site, site.seed("open_link", module="visit_seeds"), number)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(crowd.come)
        try:
            assert crowd.is_half.wait(300)
            site.stop_web()
            counted = site.seed("visits", module="visit_seeds")
            assert counted >= crowd.number // 2
            site.start_web()
        finally:
            crowd.may_go_on.set()
        coming.result()
    answered = crowd.count()
    site.stop_web()

    assert answered == crowd.number
    assert site.seed("visits", module="visit_seeds") == crowd.number
