"""A Tavus ID that only a word vouches for: followed once a reading has shown the video, else given back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.engine import confirmation
from tavusweb.tavus import RemoteVideo
from tavusweb.videos import notices
from tavusweb.videos.models import EventKind, RemoteCopy, Video
from tavusweb.videos.models.status import Ask, DeleteMode, Status
from tavusweb.videos.naming import name_at_tavus
from tests.fake_tavus import FakeTavus

Sweep = Callable[[], None]


@pytest.fixture
def mailed(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The videos that their creators were asked about."""
    mailed: list[UUID] = []
    monkeypatch.setattr(notices, "ask_to_resolve", lambda video: mailed.append(video.pk))
    return mailed


@pytest.fixture
def unsure(make_video: Any) -> Video:
    video: Video = make_video()
    video.claim()
    video.mark_unsure("late", search_at=timezone.now() + timedelta(minutes=5))
    return video


@pytest.fixture
def others(make_video: Any, tavus: FakeTavus) -> list[Video]:
    """So many videos in production that the list is read for them."""
    return [make_video(Status.QUEUED, tavus_id=tavus.accept({})["video_id"]) for _ in range(25)]


def poll(sweep: Sweep, times: int = 1) -> None:
    for _ in range(times):
        Video.objects.filter(status__in=[Status.QUEUED, Status.GENERATING, Status.READY]).make_due()
        sweep()


def answer_with(tavus: FakeTavus, **changes: Any) -> None:
    """Take a submission, answer it without a name, and keep the video with these changes."""
    route = tavus._route

    def take(request: httpx.Request) -> httpx.Response:
        answer = route(request)
        if request.method != "POST":
            return answer
        body = answer.json()
        tavus.set(body["video_id"], **changes)
        return httpx.Response(200, json=body | {"video_name": None})

    tavus._route = take  # type: ignore[method-assign]


# What a person entered.


def test_id_that_tavus_does_not_know_is_given_back_and_the_timeline_says_so(
    as_maria: Client, sweep: Sweep, tavus: FakeTavus, unsure: Video, maria: User, mailed: list[UUID]
) -> None:
    unsure.resolve_as("no-such-id", by=maria)

    poll(sweep, 5)
    before = Video.objects.get(pk=unsure.pk).status
    poll(sweep)

    unsure.refresh_from_db()
    page = as_maria.get(unsure.get_absolute_url()).text
    assert before == Status.QUEUED, "nor is it believed at once"
    assert (unsure.status, unsure.asks, unsure.tavus_id) == (Status.UNSURE, Ask.ID_NOT_FOUND, "")
    assert "Tavus has no video with this ID." in page
    assert "Tavus ID: no-such-id" in page
    assert mailed == [unsure.pk]
    assert unsure.next_poll_at is not None, "the search goes on"


@pytest.mark.parametrize("answer", [httpx.Response(404), httpx.Response(502), httpx.ReadTimeout("late")])
def test_id_is_not_given_back_by_an_answer_that_does_not_come_from_tavus(
    answer: Any, sweep: Sweep, tavus: FakeTavus, unsure: Video, maria: User
) -> None:
    remote = tavus.accept({"video_name": "renamed at Tavus"})
    unsure.resolve_as(remote["video_id"], by=maria)
    for _ in range(9):
        tavus.next_answers.append(answer)
        poll(sweep)
    before = Video.objects.get(pk=unsure.pk).status

    poll(sweep)

    unsure.refresh_from_db()
    assert before == unsure.status == Status.QUEUED
    assert unsure.unconfirmed_id == ""


def test_entered_id_can_be_corrected_and_is_then_followed(
    sweep: Sweep, tavus: FakeTavus, unsure: Video, maria: User
) -> None:
    unsure.resolve_as("no-such-id", by=maria)
    poll(sweep, 6)
    unsure.refresh_from_db()
    remote = tavus.accept({"video_name": "renamed at Tavus"})
    tavus.finish(remote["video_id"])

    unsure.resolve_as(remote["video_id"], by=maria)
    poll(sweep)

    unsure.refresh_from_db()
    assert (unsure.status, unsure.tavus_id, unsure.asks) == (Status.READY, remote["video_id"], "")


def test_confirmed_id_that_goes_later_is_a_deleted_video_as_always(
    sweep: Sweep, tavus: FakeTavus, unsure: Video, maria: User
) -> None:
    remote = tavus.accept({})
    unsure.resolve_as(remote["video_id"], by=maria)
    poll(sweep)
    Video.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
    del tavus.videos[remote["video_id"]]

    poll(sweep, 6)

    assert Video.objects.get(pk=unsure.pk).status == Status.DELETED


# Responses without a name.


def submitted(make_video: Any, sweep: Sweep, tavus: FakeTavus, **changes: Any) -> Video:
    """Submit a video; the response has no name, and Tavus has the video with these changes."""
    video: Video = make_video()
    answer_with(tavus, **changes)
    sweep()
    video.refresh_from_db()
    return video


def test_answer_without_a_name_is_confirmed_by_the_next_reading(
    sweep: Sweep, tavus: FakeTavus, make_video: Any
) -> None:
    video = submitted(make_video, sweep, tavus)
    before = (video.status, video.unconfirmed_id)

    poll(sweep)

    video.refresh_from_db()
    assert before == (Status.QUEUED, "answer")
    assert (video.status, video.unconfirmed_id, video.recheck_at) == (Status.QUEUED, "", None)
    assert len(tavus.sent("POST")) == 1


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize("status", ["queued", "generating", "ready", "error"])
def test_answer_that_proves_to_be_about_another_video_is_given_back(
    status: str, sweep: Sweep, tavus: FakeTavus, make_video: Any, mailed: list[UUID]
) -> None:
    video = submitted(make_video, sweep, tavus, video_name="Somebody else's", status=status)
    stranger = video.tavus_id
    assert video.status == Status.QUEUED

    poll(sweep)

    video.refresh_from_db()
    event = video.events.last()
    assert (video.status, video.asks, video.tavus_id) == (Status.UNSURE, Ask.OTHER_ANSWER, "")
    assert (event.kind, event.data["tavus_id"]) == (EventKind.ASKED_PERSON, stranger)
    assert video.search_report == {"answered_id": stranger}
    assert video.hosted_url == ""
    assert mailed == [video.pk]
    assert len(tavus.sent("POST")) == 1


def test_own_submission_is_followed_after_the_answer_was_about_another(
    sweep: Sweep, tavus: FakeTavus, make_video: Any
) -> None:
    video = submitted(make_video, sweep, tavus, video_name="Somebody else's")
    own = tavus.accept({"video_name": video.submission_name})

    poll(sweep)
    Video.objects.update(next_poll_at=timezone.now(), lease_until=None)
    sweep()

    video.refresh_from_db()
    assert (video.status, video.tavus_id, video.unconfirmed_id) == (Status.QUEUED, own["video_id"], "")
    assert not video.copies.exists()


def test_video_that_tavus_never_names_is_followed_and_its_list_is_searched_later(
    sweep: Sweep, tavus: FakeTavus, make_video: Any
) -> None:
    video = make_video()
    answer_with(tavus, video_name="")
    sweep()
    poll(sweep)
    video.refresh_from_db()
    assert (video.status, video.unconfirmed_id) == (Status.QUEUED, "")
    late = tavus.accept({"video_name": video.submission_name})

    Video.objects.exclude(recheck_at=None).update(recheck_at=timezone.now())
    sweep()

    assert [copy.tavus_id for copy in RemoteCopy.objects.all()] == [late["video_id"]]


def test_new_id_of_an_answer_may_be_unknown_for_a_quarter_of_an_hour(
    sweep: Sweep, tavus: FakeTavus, make_video: Any
) -> None:
    video = submitted(make_video, sweep, tavus)
    removed = tavus.videos.pop(video.tavus_id)
    poll(sweep, 9)
    video.refresh_from_db()
    before = video.status

    Video.objects.update(submitted_at=timezone.now() - timedelta(minutes=16))
    poll(sweep)

    video.refresh_from_db()
    assert before == Status.QUEUED
    assert (video.status, video.asks) == (Status.UNSURE, Ask.ID_NOT_FOUND)
    assert removed["video_id"] not in tavus.videos


@pytest.mark.parametrize("name", ["Somebody else's", None])
def test_unconfirmed_id_is_neither_deleted_nor_renamed(
    name: str | None, sweep: Sweep, tavus: FakeTavus, make_video: Any, maria: User
) -> None:
    video = submitted(make_video, sweep, tavus, **({"video_name": name} if name else {}))
    video.rename("A new title", by=maria)
    video.ask_to_delete(by=maria, mode=DeleteMode.SOFT)

    poll(sweep)
    asked_first = [request.method for request in tavus.requests if "/v2/videos/" in request.url.path]
    poll(sweep)

    video.refresh_from_db()
    assert asked_first == ["GET"]
    assert (video.status, bool(tavus.sent("DELETE"))) == ((Status.UNSURE, False) if name else (Status.DELETED, True))


def test_new_title_is_not_forgotten_while_a_new_id_is_unknown(
    sweep: Sweep, tavus: FakeTavus, make_video: Any, maria: User
) -> None:
    video = submitted(make_video, sweep, tavus)
    video.rename("A new title", by=maria)
    tavus.next_answers.append(httpx.Response(400, json={"error": "Invalid video_id"}))

    poll(sweep, 4)

    video.refresh_from_db()
    assert not video.wants_rename
    assert tavus.videos[video.tavus_id]["video_name"] == name_at_tavus("A new title", video.pk, 1)


# Whose name it is.

OURS = "Welcome to Acme"


@pytest.mark.parametrize(
    ("name", "is_about_another"),
    [
        ("", False),
        ("its own", False),
        ("its own, in capitals", False),
        (OURS, False),  # cut before the mark
        ("Welcome", True),  # too short to be told for a cut name
        ("Somebody else's video", True),
        ("an earlier attempt", True),
        ("another video of ours", True),
    ],
)
def test_answer_is_about_another_video_by_its_name(name: str, is_about_another: bool, make_video: Any) -> None:
    other, video = make_video(title=OURS), make_video(title=OURS, attempt=1)
    video.claim()
    names = {
        "its own": video.submission_name,
        "its own, in capitals": video.submission_name.upper(),
        "an earlier attempt": name_at_tavus(OURS, video.pk, 1),
        "another video of ours": name_at_tavus(OURS, other.pk, 2),
    }
    remote = RemoteVideo(video_id="v-new", name=names.get(name, name), status="queued")

    assert confirmation.is_about_another(video, remote) is is_about_another


@pytest.mark.parametrize("name", ["", OURS, "its own"])
@pytest.mark.parametrize("owner", ["another video", "a copy of this video"])
def test_answer_with_an_id_that_is_known_already_is_about_another_video(name: str, owner: str, make_video: Any) -> None:
    other, video = make_video(Status.READY), make_video(title=OURS)
    video.claim()
    video.record_extra("v-copy", 1)
    tavus_id = other.tavus_id if owner == "another video" else "v-copy"
    is_own_mark = name == "its own"
    remote = RemoteVideo(video_id=tavus_id, name=video.submission_name if is_own_mark else name, status="queued")

    is_ours = is_own_mark and owner == "a copy of this video"  # a search was faster than the answer
    assert confirmation.is_about_another(video, remote) is not is_ours
