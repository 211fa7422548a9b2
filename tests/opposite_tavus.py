"""A Tavus that does the opposite of our assumptions, one at a time.

Purchases are counted by script, so nothing here depends on how our marks are written or read.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from django.utils import timezone

from tests.fake_tavus import FakeTavus

Row = dict[str, Any]


@dataclass(frozen=True)
class Behaviour:
    """Differences from the documented provider. `tells_the_truth`: its list can prove absence."""

    name: str
    tells_the_truth: bool = True
    first_page: int = 0
    page_zero: str = "refused"  # if numbering starts at 1: refused, repeated or empty
    page_cap: int = 100
    ignores_paging: bool = False
    order: Callable[[list[Row]], list[Row]] = lambda rows: rows[::-1]
    total: Callable[[int], Any] = lambda number: number
    rows: Callable[[list[Row]], list[Row]] = list  # the rows that the list shows
    page: Callable[[list[Row], int], list[Row]] = lambda rows, number: rows  # the rows of a page, given its number
    repeats_last_item: bool = False  # on the next page, instead of its first
    named: Callable[[str], str] = str  # how a name is stored
    changed: Callable[[Row], Row] = dict  # how an item is serialised
    strangers: bool = False  # others keep adding and deleting
    forgets_one_reading: bool = False  # the newest video is missing from the first reading that could show it
    counts_what_it_forgets: bool = True
    answers_another: bool = False  # the POST's 200 carries another video
    new_id_unknown_for: float = 0.0  # seconds during which a new id is "Invalid video_id"

    def __str__(self) -> str:
        return self.name


@dataclass
class OppositeTavus(FakeTavus):
    behaviour: Behaviour = field(default_factory=lambda: Behaviour("as documented"))
    bought: Counter[str] = field(default_factory=Counter)
    bought_at: dict[str, datetime] = field(default_factory=dict)
    lists_read: int = 0

    def accept(self, body: dict[str, Any]) -> dict[str, Any]:
        video = super().accept(body | {"video_name": self.behaviour.named(body.get("video_name", ""))})
        video["replica_id"] = body.get("replica_id")
        video["data"] = {"script": body.get("script", "")}
        self.bought[body.get("script", "")] += 1
        self.bought_at[video["video_id"]] = timezone.now()
        return video

    def stranger(self) -> Row:
        return self.accept({"video_name": f"stranger {len(self.videos)}", "script": "of somebody else"})

    def _route(self, request: httpx.Request) -> httpx.Response:
        is_video = request.method == "GET" and "/v2/videos/" in request.url.path
        if is_video and self._is_still_unknown(request.url.path.rsplit("/", 1)[-1]):
            return httpx.Response(400, json={"error": "Invalid video_id"})
        if request.method == "PATCH":
            asked = json.loads(request.content)
            named = {"video_name": self.behaviour.named(asked["video_name"])}
            request = httpx.Request("PATCH", request.url, headers=request.headers, json=named)
        answer = super()._route(request)
        if request.method == "POST" and answer.is_success and self.behaviour.answers_another:
            other = next(iter(self.videos.values()))
            return httpx.Response(200, json=other)
        return answer

    def _is_still_unknown(self, video_id: str) -> bool:
        bought_at = self.bought_at.get(video_id)
        return bool(bought_at) and (timezone.now() - bought_at).total_seconds() < self.behaviour.new_id_unknown_for

    def _list(self, rows: list[Row], request: httpx.Request) -> httpx.Response:
        if "videos" not in request.url.path:
            return super()._list(rows, request)
        behaviour = self.behaviour
        number = int(request.url.params.get("page", behaviour.first_page))
        self.lists_read += number <= 1
        if behaviour.strangers:
            self._come_and_go()
        there = [video for video in self.videos.values() if video["video_id"] not in self.hidden]
        shown = behaviour.rows(there)
        counted = len(shown)
        if behaviour.forgets_one_reading and self.lists_read <= 2:
            shown = shown[:-1]
            counted = len(shown) + behaviour.counts_what_it_forgets
        if number < behaviour.first_page:
            if behaviour.page_zero == "refused":
                return httpx.Response(400, json={"error": "page must be at least 1"})
            number = behaviour.first_page if behaviour.page_zero == "repeated" else -1
        limit = min(int(request.url.params.get("limit", 10)), behaviour.page_cap)
        start = (number - behaviour.first_page) * limit
        ordered = behaviour.order(shown)
        items = ordered if behaviour.ignores_paging else ordered[start : start + limit] if number >= 0 else []
        if behaviour.repeats_last_item and start > 0 and items:
            items = [ordered[start - 1], *items[1:]]
        items = [behaviour.changed(item) for item in behaviour.page(items, number)]
        total = behaviour.total(counted)
        answer = {"data": items} | ({} if total is MISSING else {"total_count": total})
        return httpx.Response(200, content=json.dumps(answer))

    def _come_and_go(self) -> None:
        self.stranger()
        strangers = [pk for pk, video in self.videos.items() if video["request"].get("script") == "of somebody else"]
        if len(strangers) > 4:
            del self.videos[strangers[0]]

    def ours(self, script: str) -> list[Row]:
        return [video for video in self.videos.values() if video["request"].get("script") == script]


MISSING = object()


def without(*names: str) -> Callable[[Row], Row]:
    return lambda row: {name: value for name, value in row.items() if name not in names}


def shuffled(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row["video_id"][::-1])


def dates_hours_off(row: Row) -> Row:
    return row | {"created_at": "Tue, 24 Jun 2014 07:01:57 GMT"}


def second_without_id(rows: list[Row], number: int) -> list[Row]:
    return [row | {"video_id": None} if place == 1 else row for place, row in enumerate(rows)]


def newest_without_id(rows: list[Row], number: int) -> list[Row]:
    return [row | {"video_id": ""} if place == 0 else row for place, row in enumerate(rows)] if number == 0 else rows


def empty_second_page(rows: list[Row], number: int) -> list[Row]:
    return [] if number == 1 else rows


def first_two(rows: list[Row]) -> list[Row]:
    return rows[:2]


def dash_replaced(name: str) -> str:
    return name.replace("-", "_")


def dash_spelled_out(name: str) -> str:
    return name.replace("-", " minus ")


BEHAVIOURS = [
    Behaviour("pages from 0"),
    Behaviour("pages from 1, page 0 refused", first_page=1),
    Behaviour("pages from 1, page 0 like page 1", first_page=1, page_zero="repeated"),
    Behaviour("pages from 1, page 0 empty", first_page=1, page_zero="empty"),
    Behaviour("pages from 1, page 0 like page 1, small", first_page=1, page_zero="repeated", page_cap=2),
    Behaviour("oldest first", order=list),
    Behaviour("oldest first in small pages", order=list, page_cap=2),
    Behaviour("no order", order=shuffled, page_cap=2),
    Behaviour("limit capped at 1", page_cap=1),
    Behaviour("limit capped at 10", page_cap=10),
    Behaviour("paging ignored", ignores_paging=True),
    Behaviour("total missing", tells_the_truth=False, total=lambda number: MISSING),
    Behaviour("total null", tells_the_truth=False, total=lambda number: None),
    Behaviour("total too large", tells_the_truth=False, total=lambda number: number + 7),
    Behaviour("total too small", tells_the_truth=False, total=lambda number: max(number - 1, 0)),
    Behaviour("total zero", tells_the_truth=False, total=lambda number: 0),
    Behaviour("total a string", tells_the_truth=False, total=str),
    Behaviour("total and list cut alike", tells_the_truth=False, rows=first_two),
    Behaviour("the same item on two pages", tells_the_truth=False, page_cap=2, repeats_last_item=True),
    Behaviour("an item left out of one reading", forgets_one_reading=True),
    Behaviour("an item left out and not counted", forgets_one_reading=True, counts_what_it_forgets=False),
    Behaviour("an item without an id", tells_the_truth=False, page=second_without_id),
    Behaviour("the newest without an id", tells_the_truth=False, page=newest_without_id),
    Behaviour("an empty page before the end", tells_the_truth=False, page_cap=2, page=empty_second_page),
    Behaviour("strangers come and go", tells_the_truth=False, strangers=True, page_cap=2),
    Behaviour("names cut to 100", named=lambda name: name[:100]),
    Behaviour("names cut to 40", tells_the_truth=False, named=lambda name: name[:40]),
    Behaviour("names cut to 24", tells_the_truth=False, named=lambda name: name[:24]),
    Behaviour("names trimmed", named=str.strip),
    Behaviour("names in capitals", tells_the_truth=False, named=str.upper),
    Behaviour("names with another dash", tells_the_truth=False, named=dash_replaced),
    Behaviour("names with the dash spelled out", tells_the_truth=False, named=dash_spelled_out),
    Behaviour("names dropped", tells_the_truth=False, named=lambda name: ""),
    Behaviour("dates hours off", changed=dates_hours_off),
    Behaviour("dates missing", changed=without("created_at", "updated_at")),
    Behaviour("a 200 with another video's body", answers_another=True),
    Behaviour("a new id unknown for a minute", new_id_unknown_for=60),
]
