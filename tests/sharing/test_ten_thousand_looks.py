"""Ten thousand looks by scanners and browsers leave no row and no count behind."""

import json
from collections.abc import Callable, Iterator
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

import crawleruseragents
import pytest
from django.db import connection
from django.test import Client

from tavusweb.accounts.models import User
from tavusweb.sharing import visits
from tavusweb.sharing.models import FirstVisit, ShareLink, Visit, VisitDay
from tavusweb.videos.models.status import Status
from tests.sharing.test_every_route import RULES, addresses

LOOKS = 10_000
BROWSERS = [line for line in (Path(__file__).parent / "browsers.txt").read_text().splitlines() if line[0] != "#"]
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def scanners() -> list[str]:
    """What crawlers and link scanners have sent: the instances of crawler-user-agents (MIT), which is installed."""
    entries = json.loads((Path(crawleruseragents.__file__).parent / "crawler-user-agents.json").read_text())
    return [agent for entry in entries for agent in entry["instances"]]


def refuse_to_write(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    assert not sql.lstrip("( ").upper().startswith(WRITES), sql
    return execute(sql, *rest)


@pytest.fixture
def looks(make_video: Any, maria: User) -> Iterator[tuple[str, tuple[str, str]]]:
    """An agent, a method and an address each: every public route of links with all rules, in all states of a video."""
    links = [
        ShareLink.objects.create(
            video=make_video(status, hosted_url="https://tavus.video/v1"), created_by=maria, **rules
        )
        for status, rules in product((Status.READY, Status.GENERATING, Status.FAILED), RULES)
    ]
    places = product(("get", "head"), [address for link in links for address in addresses(link)])
    agents = ["", *BROWSERS, *scanners()]
    assert len(agents) > 1000
    return zip(cycle(agents), cycle(places), strict=False)


@pytest.mark.thorough
def test_ten_thousand_bare_requests_count_nothing(looks: Iterator[tuple[str, tuple[str, str]]]) -> None:
    with connection.execute_wrapper(refuse_to_write):
        for agent, (method, address) in islice(looks, LOOKS):
            answer = getattr(Client(headers={"User-Agent": agent}), method)(address)
            assert answer.status_code in {200, 404, 405, 410}
            assert not answer.cookies

    assert [model.objects.count() for model in (Visit, VisitDay, FirstVisit)] == [0, 0, 0]
    assert not ShareLink.objects.exclude(views_used=0).exists()


def test_scanners_are_told_from_browsers() -> None:
    machines = {"Edge/12", "Microsoft Office", "ms-office"}

    taken_for_browsers = [agent for agent in scanners() if not visits.is_machine(agent)]
    taken_for_machines = [agent for agent in BROWSERS if visits.is_machine(agent)]

    assert not taken_for_browsers
    assert len(taken_for_machines) == len(machines)
    assert all(any(name in agent for name in machines) for agent in taken_for_machines)
