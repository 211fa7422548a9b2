"""The library: pages that neither repeat nor skip, filters and words, and what a page costs."""

import base64
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.keys.models import APIKey
from tavusweb.library.choices import choices_of
from tavusweb.library.filters import LibraryFilter
from tavusweb.library.search import search_page
from tavusweb.pagination import PER_PAGE, Cursor, page_of
from tavusweb.videos.actions import rename
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import PENDING, Status
from tavusweb.workspaces.models import Workspace

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def make_many(workspace: Workspace, key: APIKey, maria: User) -> Callable[..., list[Video]]:
    def make(number: int, *, at: datetime = NOON, status: Status = Status.READY, **fields: Any) -> list[Video]:
        row: dict[str, Any] = {"workspace": workspace, "api_key": key, "created_by": maria, "status": status}
        row |= {"created_at": at, "title": "Welcome", "thumbnail_url": "https://cdn.example/a.jpg"} | fields
        return Video.objects.bulk_create([Video(**row) for _ in range(number)])

    return make


def walk(size: int, *, back: bool = False, meanwhile: Callable[[], object] = lambda: None) -> Iterator[list[UUID]]:
    """The ids of page after page, to the older end; then, if asked, back from there to the newer."""
    page, direction = page_of(Video.objects.all(), None, size=size), "older"
    while True:
        yield [video.pk for video in page.rows]
        meanwhile()
        cursor = getattr(page, direction)
        if cursor is None and direction == "older" and back:
            direction, cursor = "newer", page.newer
        if cursor is None:
            return
        page = page_of(Video.objects.all(), Cursor.read(str(cursor)), size=size)


def newest_first() -> list[UUID]:
    return list(Video.objects.newest_first().values_list("pk", flat=True))


@pytest.mark.parametrize("number", [0, 1, 6, 7, 8, 14, 20])
def test_paging_to_the_end_shows_every_video_once(number: int, make_many: Any) -> None:
    make_many(number // 2)
    make_many(number - number // 2, at=NOON + timedelta(microseconds=1))

    pages = list(walk(7))

    assert [pk for page in pages for pk in page] == newest_first()
    assert len(pages) == max(-(-number // 7), 1)


def test_paging_back_shows_the_same_pages(make_many: Any) -> None:
    make_many(20)

    pages = list(walk(7, back=True))

    assert pages[3:] == [pages[1], pages[0]]


def test_videos_added_while_paging_repeat_or_hide_nothing(make_many: Any) -> None:
    make_many(20)
    before = newest_first()

    older = list(walk(7, meanwhile=lambda: make_many(3, at=NOON + timedelta(seconds=1))))
    shown = [pk for page in older for pk in page]

    assert shown == before


def test_added_videos_appear_when_paging_back(make_many: Any) -> None:
    make_many(20)
    added = iter([lambda: make_many(3, at=NOON + timedelta(hours=1))])

    pages = list(walk(7, back=True, meanwhile=lambda: next(added, lambda: None)()))

    back = [pk for page in reversed(pages[3:]) for pk in page]
    assert len(back) == len(set(back)) == 17
    assert back == newest_first()[:17]


def test_videos_deleted_while_paging_hide_no_other(make_many: Any) -> None:
    make_many(20)
    page = page_of(Video.objects.all(), None, size=7)
    Video.objects.filter(pk__in=[video.pk for video in page.rows]).delete()

    after = page_of(Video.objects.all(), page.older, size=7)

    assert [video.pk for video in after.rows] == newest_first()[:7]


def test_cursor_past_the_end_shows_the_first_page(make_many: Any) -> None:
    make_many(3)
    newest = Video.objects.newest_first().first()
    assert newest

    page = page_of(Video.objects.all(), Cursor(newest.created_at, newest.pk, is_newer=True), size=2)

    assert [video.pk for video in page.rows] == newest_first()[:2]
    assert page.newer is None
    assert page.older


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "é",
        "\ud800",
        "A" * 5000,
        encoded("older"),
        encoded("older now " + "0" * 32),
        encoded(f"older 2026-05-01T12:00:00+00:00 {'x' * 32}"),
        encoded("older 0001-01-01T00:00:00+14:00 " + "0" * 32),
        encoded("newer 9999-12-31T23:59:59-14:00 " + "0" * 32),
        encoded("older 2026-99-01T12:00:00+00:00 " + "0" * 32),
    ],
)
def test_invalid_cursor_is_none(text: str) -> None:
    assert Cursor.read(text) is None


def test_invalid_cursor_is_ignored(as_maria: Client, workspace: Workspace, make_many: Any) -> None:
    make_many(2)

    page = as_maria.get(reverse("videos", args=[workspace.slug]), {"from": encoded("older now " + "0" * 32)})

    assert page.status_code == 200
    assert len(page.context["videos"]) == 2


@pytest.mark.parametrize(
    "text",
    [encoded("sideways 2026-05-01T12:00:00+02:00 " + "f" * 32), encoded("older 2026-05-01T12:00:00 " + "f" * 32)],
)
def test_made_up_cursor_works(text: str, as_maria: Client, workspace: Workspace, make_many: Any) -> None:
    make_many(2)

    assert as_maria.get(reverse("videos", args=[workspace.slug]), {"from": text}).status_code == 200


def test_page_links_lead_through_the_whole_library(as_maria: Client, workspace: Workspace, make_many: Any) -> None:
    make_many(2 * PER_PAGE + 1, title="Needle")
    address, seen = reverse("videos", args=[workspace.slug]), []
    query = "?q=needle&status=ready"

    while query:
        page = as_maria.get(address + query)
        seen += [video.pk for video in page.context["videos"]]
        query = page.context["page"]["older_url"]
        assert not query or ("q=needle" in query and "status=ready" in query)

    assert seen == newest_first()


# Filters and words.


@pytest.fixture
def titles_of(workspace: Workspace, maria: User) -> Callable[..., set[str]]:
    """Return the titles found, without rendering the library."""

    def titles_of(**query: str) -> set[str]:
        chosen = LibraryFilter.read(QueryDict(urlencode(query)))
        rows = chosen.apply(workspace.videos.for_library())
        if chosen.q:
            people = choices_of(workspace, maria).people
            return {video.title for video in search_page(workspace, chosen.q, rows, None, people=people).rows}
        return {video.title for video in page_of(rows, None).rows}

    return titles_of


def test_page_shows_what_search_and_filter_find(as_maria: Client, workspace: Workspace, make_many: Any) -> None:
    for status, title in product([Status.READY, Status.FAILED], ["Welcome aboard", "Goodbye"]):
        make_many(1, status=status, title=f"{title} {status}")
    address = reverse("videos", args=[workspace.slug])

    found = as_maria.get(address, {"q": "aboard WELCOME", "status": "failed"}).context["videos"]
    unfiltered = as_maria.get(address, {"q": "", "status": "nonsense"}).context["videos"]

    assert ([video.title for video in found], len(unfiltered)) == (["Welcome aboard failed"], 4)


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("welcome", {"Welcome aboard", "100 % welcome"}),
        ("WELCOME board", {"Welcome aboard"}),
        ("board welcome", {"Welcome aboard"}),
        ("%", {"100 % welcome"}),
        ("_", {"snake_case"}),
        ("\\", {"back\\slash"}),
        ("'", {'O\'Hara "quoted"'}),
        ('"quoted"', {'O\'Hara "quoted"'}),
        ("' OR 1=1 --", set()),
        ("spoken", {"Scripted"}),
        ("anna", {"With Anna"}),
        ("r-anna", {"With Anna"}),
        ("v00777", {"Known to Tavus"}),
        ("v0077", set()),
        ("nothing such", set()),
        ("x" * 5000, set()),
        (
            "a " * 500,
            {"Welcome aboard", "snake_case", "back\\slash", 'O\'Hara "quoted"', "With Anna", "Known to Tavus"},
        ),
    ],
)
def test_search_takes_every_word_literally(words: str, titles: set[str], titles_of: Any, make_many: Any) -> None:
    for title in ("Welcome aboard", "100 % welcome", "snake_case", "back\\slash", 'O\'Hara "quoted"'):
        make_many(1, title=title, replica_id="r1")
    make_many(1, title="Scripted", script="This is spoken", replica_id="r1")
    make_many(1, title="With Anna", replica_id="r-anna", replica_name="Anna Lee")
    make_many(1, title="Known to Tavus", tavus_id="v00777")

    shown = titles_of(q=words)

    assert shown >= titles if words.startswith("a ") else shown == titles


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Привет, Ёлка", "ПРИВЕТ елка"),
        ("Zoë’s Café", "zoe's CAFE\u0301"),
        ("ΚΑΛΗΜΈΡΑ", "καλημέρα"),
        ("مُحَمَّد", "محمد"),
        ("Ｔａｖｕｓ", "tavus"),
        ("नमस्ते", "नमस्ते"),
        ("你好，世界", "世界"),
        ("İzmir", "izmir"),
    ],
)
def test_search_finds_words_in_any_alphabet(title: str, words: str, titles_of: Any, make_many: Any) -> None:
    make_many(1, title="Needle")
    make_many(1, title=title)
    make_many(1, title="In the script", script=title)

    assert titles_of(q=words) == {title, "In the script"}


def test_search_finds_the_new_title_and_not_the_old_one(
    titles_of: Any, make_many: Any, workspace: Workspace, maria: User
) -> None:
    (video,) = make_many(1, title="Ürsprung")
    rename(Actor(maria), video, "Näme")

    assert (titles_of(q="NAME"), titles_of(q="ursprung")) == ({"Näme"}, set())


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("", set(Status) - {Status.DELETED}),
        ("nonsense", set(Status) - {Status.DELETED}),
        ("in_progress", set(PENDING)),
        *[(status, {status}) for status in Status],
    ],
)
def test_status_filter_shows_only_that_status(status: str, shown: set[Status], titles_of: Any, make_many: Any) -> None:
    for each in Status:
        make_many(1, status=each, title=each.value)

    assert titles_of(status=status) == {each.value for each in shown}


def test_search_stays_within_the_workspace(titles_of: Any, make_many: Any, zoe: User) -> None:
    make_many(1, title="Needle", workspace=Workspace.objects.of(zoe).get(), api_key=None)

    assert titles_of(q="Needle") == set()


# What a page costs.


def test_query_count_does_not_depend_on_pending_rows(as_maria: Client, workspace: Workspace, make_many: Any) -> None:
    address = reverse("videos", args=[workspace.slug])
    many = make_many(100, status=Status.GENERATING, watched_at=timezone.now())

    with CaptureQueriesContext(
        connection,
    ) as page_queries:
        page = as_maria.get(address)
    refresh_url = page.context["refresh_url"]
    with CaptureQueriesContext(connection) as refresh_queries:
        refresh = as_maria.get(refresh_url, headers={"hx-request": "true"})

    assert len(page.context["videos"]) == PER_PAGE == len(many)
    # session, user, membership, choices, videos, counts, the switcher's workspaces with what is unread
    assert len(page_queries) == 8
    assert len(refresh_queries) == 4  # session, user, membership, videos
    assert len(re.findall(r'data-status="generating"', refresh.content.decode())) == 100
    assert len(refresh_url) < 3900, "a server takes a request line of 4094 bytes"


def test_looking_is_noted_at_most_every_ten_seconds_and_after_the_answer(
    as_maria: Client, workspace: Workspace, make_many: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (video,) = make_many(1, status=Status.GENERATING)
    address = reverse("videos", args=[workspace.slug])
    answered: list[bool] = []
    monkeypatch.setattr("tavusweb.library.views.render", lambda *given: answered.append(is_noted()) or HttpResponse())

    def is_noted() -> bool:
        return Video.objects.filter(pk=video.pk).exclude(watched_at=None).exists()

    as_maria.get(address)
    with CaptureQueriesContext(connection) as queries:
        as_maria.get(address)

    assert answered == [False, True]
    assert not [query["sql"] for query in queries if query["sql"].startswith(("UPDATE", "INSERT"))]


def test_list_pages_do_not_load_scripts(as_maria: Client, workspace: Workspace, make_many: Any) -> None:
    video = make_many(1, script="Hello", status=Status.QUEUED)[0]
    ids = f"?ids={video.pk.hex}"

    with CaptureQueriesContext(connection) as queries:
        as_maria.get(reverse("videos", args=[workspace.slug]))
        as_maria.get(reverse("videos_refresh", args=[workspace.slug]) + ids)

    assert not [query["sql"] for query in queries if '"script"' in query["sql"]]


def test_refresh_reads_only_the_rows_it_shows(as_maria: Client, workspace: Workspace, make_many: Any) -> None:
    ids = ",".join(video.pk.hex for video in make_many(100))
    with CaptureQueriesContext(connection) as queries:
        as_maria.get(reverse("videos_refresh", args=[workspace.slug]), {"ids": ids})
    read = next(query["sql"] for query in queries if 'FROM "videos_video"' in query["sql"])

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if connection.vendor == 'sqlite' else ''} {read}")
        plan = " ".join(str(row) for row in cursor.fetchall())

    assert "workspace_id" not in plan


def test_in_progress_filter_uses_its_index(workspace: Workspace, make_many: Any) -> None:
    make_many(100)
    make_many(1, status=Status.QUEUED)
    if connection.vendor == "postgresql":  # which reads so few rows in any way
        with connection.cursor() as database:
            database.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")

    first = workspace.videos.pending().newest_first()
    later = first.filter(created_at__lte=NOON)

    assert "video_pending" in first[: PER_PAGE + 1].explain()
    assert "video_pending" in later[: PER_PAGE + 1].explain()


@pytest.mark.parametrize("ids", ["", ",", "x", "x,,", "0" * 32, ",".join(["f" * 32] * 5000), "é" * 32])
def test_invalid_ids_refresh_nothing(ids: str, as_maria: Client, workspace: Workspace, key: APIKey) -> None:
    response = as_maria.get(reverse("videos_refresh", args=[workspace.slug]), {"ids": ids})

    assert response.status_code == 200
    assert "hx-get" not in response.content.decode()


def test_random_paging_never_gets_lost(make_many: Any) -> None:
    chance = random.Random(7)
    for _ in range(30):
        make_many(1, at=NOON + timedelta(seconds=chance.randrange(5)))
    order = newest_first()
    page = page_of(Video.objects.all(), None, size=4)

    for _ in range(40):
        shown = [video.pk for video in page.rows]
        start = order.index(shown[0])
        assert shown == order[start : start + len(shown)]
        assert bool(page.newer) == (start > 0)
        assert bool(page.older) == (start + len(shown) < len(order))
        page = page_of(Video.objects.all(), chance.choice([page.newer, page.older]), size=4)
