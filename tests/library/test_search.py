"""Search in the library: what is found after which change, in which order, and where not."""

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tavusweb.accounts.actions import change_name
from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.library import grams, search_postgresql, search_sqlite
from tavusweb.library.choices import choices_of
from tavusweb.library.search import search_page
from tavusweb.pagination import Cursor
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.videos.actions import rename
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import DeleteMode, Status
from tavusweb.workspaces.models import Workspace

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ADA = Speaker(Proof.NAME, "Ada", link="7")
Found = Callable[[str], set[str]]


@pytest.fixture
def found(workspace: Workspace, maria: User) -> Found:
    def found(words: str) -> set[str]:
        people = choices_of(workspace, maria).people
        return {
            video.title for video in search_page(workspace, words, workspace.videos.all(), None, people=people).rows
        }

    return found


@pytest.fixture
def make_many(workspace: Workspace, maria: User) -> Callable[..., list[Video]]:
    def make(number: int, **fields: Any) -> list[Video]:
        row: dict[str, Any] = {"workspace": workspace, "created_by": maria, "status": Status.READY} | fields
        return Video.objects.bulk_create([Video(**row) for _ in range(number)])

    return make


# Which changes the search follows.


def test_search_follows_title_script_and_replica(make_many: Any, found: Found, maria: User) -> None:
    (video,) = make_many(1, title="First title", script="Spoken words", replica_name="Anna Lee")

    rename(Actor(maria), video, "Second title")
    Video.objects.filter(pk=video.pk).update(script="Whispered words", replica_name="Björn")

    assert not found("first") | found("spoken") | found("anna")
    assert found("second whispered bjorn") == {"Second title"}


def test_search_follows_a_saved_row(make_many: Any, found: Found) -> None:
    (video,) = make_many(1, title="Before")

    video.title = "After"
    video.save()

    assert (found("before"), found("after")) == (set(), {"After"})


def test_search_follows_comments_of_strangers_and_members(
    make_many: Any, found: Found, maria: User, workspace: Workspace
) -> None:
    (video,) = make_many(1, title="Commented")
    make_many(1, title="Silent")
    asked = reviews.comment(ADA, video, "Please drop the wombat")
    reviews.comment(Speaker(Proof.MEMBER, user=maria), video, "Ça va", parent=asked)
    assert found("wombat") == found("ca va") == found("wombat ca va") == {"Commented"}

    reviews.edit(asked, "Please drop the quokka")
    assert (found("wombat"), found("quokka")) == (set(), {"Commented"})

    reviews.delete(Actor(maria), asked)
    assert (found("quokka"), found("ca va")) == (set(), {"Commented"})


def test_search_follows_the_names_of_people(make_many: Any, found: Found, maria: User, erik: User) -> None:
    make_many(1, title="Maria’s")
    make_many(1, title="Erik’s", created_by=erik)
    assert found("ERIK") == {"Erik’s"}

    change_name(Actor(erik), erik, "Søren Ängström")
    assert (found("soren angstrom"), found("maria")) == ({"Erik’s"}, {"Maria’s"})

    erik.delete()
    assert found("soren") == set()
    assert found("erik") == {"Erik’s"}, "the title still says so"


def test_deleted_drafts_leave_nothing_in_the_index(make_many: Any, found: Found, maria: User) -> None:
    (draft,) = make_many(1, title="Secret draft", status=Status.DRAFT)
    reviews.comment(ADA, draft, "About it")

    draft.ask_to_delete(by=maria, mode=DeleteMode.SOFT)

    assert found("secret") == set()
    assert not indexed("secr")


def indexed(piece: str) -> bool:
    """Whether the database's own index still has this piece of four characters."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM library_searchentry WHERE pieces @@ %s::tsquery", [f"'{piece}'"])
        else:
            cursor.execute("SELECT 1 FROM library_searchindex WHERE library_searchindex MATCH %s", [f'"{piece}"'])
        return bool(cursor.fetchall())


def test_rebuilt_index_finds_the_same(make_many: Any, found: Found) -> None:
    (video,) = make_many(1, title="Needle", script="你好世界")
    reviews.comment(ADA, video, "wombat")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE library_searchentry SET text = 'damaged', position = position + 1")
    assert found("needle") == set()

    call_command("rebuild_search", stdout=StringIO())

    assert found("needle 世界 wombat") == {"Needle"}
    rename(Actor(), video, "Renamed")
    assert found("renamed wombat") == {"Renamed"}


# What is found in which script.


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("今天我们介绍新产品的功能", ["新产品", "产", "介绍新产品的功", "今天 功能"]),
        ("สวัสดีครับยินดีต้อนรับ", ["ยินดี", "รับ"]),
        ("こんにちは、世界", ["世界", "んにち"]),
        ("새로운 제품을 소개합니다", ["제품", "소개합"]),
        ("Produktvideos für Kunden", ["VIDEO", "fur", "produktvideos"]),
        ("naïve café", ["naive", "cafe\u0301"]),
        ("Donaudampfschifffahrtsgesellschaftskapitän", ["schifffahrt", "donaudampfschifffahrtsgesellschaftskapitan"]),
        (
            "a\\b:c*d^e(f) \"g\" 'h' -i {j} NEAR/2 k&l|m!n <-> o",
            ["a\\b:c*d^e(f)", '"g"', "'h'", "-i", "{j}", "k&l|m!n"],
        ),
        ("🎬 क्षत्रिय ߊߋ 𝒳", ["🎬", "क्षत्रिय", "ߋ", "x"]),
    ],
)
def test_any_part_of_a_word_is_found_in_every_script(text: str, words: list[str], make_many: Any, found: Found) -> None:
    make_many(1, title="Other", script="Nothing of this")
    make_many(1, title="It", script=text)

    assert [found(each) for each in words] == [{"It"}] * len(words)


def test_pieces_without_the_word_are_no_hit(make_many: Any, found: Found) -> None:
    make_many(1, title="Pieces", script="rest estival casting tingle")

    assert found("resting") == set()


@pytest.mark.parametrize("word", ["a", "ab", "abc", "abcd", "abcde", "世界", "x" * 200, "abcdefghij" * 20])
def test_pieces_to_find_are_pieces_of_every_text_with_the_word(word: str) -> None:
    pieces = grams.pieces_of(f"before ~{word}~after")

    for piece in grams.pieces_to_find(word):
        assert any(each.startswith(piece) if len(piece) < grams.LENGTH else each == piece for each in pieces)


def test_search_of_ids(make_many: Any, found: Found) -> None:
    make_many(1, title="By ID", tavus_id="v00777", replica_id="r-anna")
    make_many(1, title="Another", tavus_id="v0077", script="v007778")

    assert found("v00777") == {"By ID"}
    assert found("r-ANNA") == {"By ID"}


def test_no_search_reads_the_videos_one_by_one(workspace: Workspace, make_many: Any) -> None:
    make_many(30, title="Welcome", tavus_id="")
    rows = workspace.videos.exclude(status=Status.DELETED)

    with CaptureQueriesContext(connection) as queries:
        search_page(workspace, "absent", rows, None)

    plans = [plan_of(query["sql"]) for query in queries if query["sql"].startswith("SELECT")]
    assert plans
    assert not [plan for plan in plans if re.search(r"SCAN videos_video|USING INDEX video_library|Seq Scan", plan)]


def plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which would read so few rows in any way
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if connection.vendor == 'sqlite' else ''} {sql}")
        return " ".join(str(row) for row in cursor.fetchall())


# Order and pages.


def test_pages_of_hits_are_in_order_and_complete_both_ways(workspace: Workspace, make_many: Any) -> None:
    chance = random.Random(3)
    moments = [NOON + timedelta(milliseconds=chance.randrange(6), microseconds=chance.randrange(3)) for _ in range(60)]
    for moment in moments:
        make_many(1, created_at=moment, title=chance.choice(["needle", "needle", "hay"]))
    rows = workspace.videos.all()
    order = list(rows.filter(title="needle").newest_first().values_list("pk", flat=True))

    shown: list[UUID] = []
    page = search_page(workspace, "needle", rows, None, size=7)
    assert page.newer is None
    while page.older:
        shown += [video.pk for video in page.rows]
        page = search_page(workspace, "needle", rows, Cursor.read(str(page.older)), size=7)
    assert shown + [video.pk for video in page.rows] == order

    back: list[UUID] = []
    while page.newer:
        page = search_page(workspace, "needle", rows, Cursor.read(str(page.newer)), size=7)
        back = [video.pk for video in page.rows] + back
    assert order[: len(back)] == back


def test_videos_of_one_moment_keep_their_order(workspace: Workspace, make_many: Any) -> None:
    made = [UUID(int=number << 40) for number in range(30)]  # the same last digits, so the same wanted position
    Video.objects.bulk_create([Video(pk=pk, workspace=workspace, created_at=NOON, title="Same") for pk in made])

    page = search_page(workspace, "same", workspace.videos.all(), None, size=20)

    assert [video.pk for video in page.rows] == made[:9:-1]


def test_moved_date_moves_the_hit(workspace: Workspace, make_many: Any) -> None:
    first, second = make_many(2, title="Needle")

    Video.objects.filter(pk=first.pk).update(created_at=NOON - timedelta(days=900))
    Video.objects.filter(pk=second.pk).update(created_at=NOON)

    rows = search_page(workspace, "needle", workspace.videos.all(), None).rows
    assert [video.pk for video in rows] == [second.pk, first.pk]


@pytest.mark.parametrize("few", [0, 2000])
def test_other_filters_and_words_hold_together(few: int, workspace: Workspace, make_many: Any) -> None:
    for number in range(60):
        status = Status.FAILED if number % 20 == 0 else Status.READY
        make_many(1, title=f"{'Needle' if number % 2 == 0 else 'Hay'} {number}", status=status)
    failed = workspace.videos.filter(status=Status.FAILED)

    with patch("tavusweb.library.search.FEW", few), patch.object(search_sqlite, "MORE", 0):
        page = search_page(workspace, "needle", failed, None, size=2)
        rest = search_page(workspace, "needle", failed, page.older, size=2)

    assert [row.title for row in (*page.rows, *rest.rows)] == ["Needle 40", "Needle 20", "Needle 0"]
    assert rest.older is None


def test_search_stays_within_the_workspace(make_many: Any, found: Found, zoe: User, maria: User) -> None:
    make_many(1, title="Theirs", workspace=Workspace.objects.of(zoe).get(), script="Maria")

    assert found("theirs") == found("maria") == set()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="the two ways of finding are PostgreSQL's")
@pytest.mark.parametrize("rare", [0.0, 1.1])
def test_postgresql_finds_the_same_with_and_without_its_index(
    rare: float, workspace: Workspace, make_many: Any
) -> None:
    for number in range(40):
        make_many(1, title=f"{'Needle' if number % 4 == 0 else 'Hay'} {number}")

    with patch.object(search_postgresql, "RARE", rare), patch.object(search_postgresql, "WINDOW", 5):
        page = search_page(workspace, "needle", workspace.videos.all(), None, size=4)

    assert [row.title for row in page.rows] == ["Needle 36", "Needle 32", "Needle 28", "Needle 24"]


def test_positions_sort_like_times() -> None:
    moments = [NOON - timedelta(days=20_000), NOON, NOON + timedelta(milliseconds=1), NOON + timedelta(days=9000)]

    positions = [grams.position(moment, uuid4()) for moment in moments]

    assert positions == sorted(positions)
    assert all(
        grams.bounds(at)[0] <= place <= grams.bounds(at)[1] for at, place in zip(moments, positions, strict=True)
    )
    assert all(abs(place) < 2**63 for place in positions)
