"""A person decides what became of an unsure submission."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Ask, IDSource, Status
from tavusweb.workspaces.models import Workspace
from tests import cast
from tests.fake_tavus import FakeTavus


@pytest.fixture
def unsure(make_video: Any) -> Video:
    video: Video = make_video()
    video.claim()
    video.mark_unsure("late", search_at=timezone.now())
    return video


def url(workspace: Workspace, video: Video, act: str) -> str:
    return f"/w/{workspace.slug}/videos/{video.pk}/{act}/"


def test_person_can_send_an_unsure_video_again(as_maria: Client, workspace: Workspace, unsure: Video) -> None:
    as_maria.post(url(workspace, unsure, "resolve-missing"))

    unsure.refresh_from_db()
    assert (unsure.status, unsure.next_poll_at) == (Status.WAITING, None)
    assert unsure.events.last().actor.email == "maria@example.com"


def test_person_can_give_an_unsure_video_its_tavus_id(
    as_maria: Client, workspace: Workspace, unsure: Video, tavus: FakeTavus, sweep: Callable[[], None]
) -> None:
    remote = tavus.accept({"video_name": "renamed at Tavus"})
    tavus.finish(remote["video_id"])

    as_maria.post(url(workspace, unsure, "resolve"), {"tavus_id": f" {remote['video_id']} "})
    sweep()

    unsure.refresh_from_db()
    assert (unsure.status, unsure.tavus_id) == (Status.READY, remote["video_id"])


@pytest.mark.parametrize("given", ["", "../x", "two words", "v00001?x=1"])
def test_invalid_tavus_id_is_refused_beside_the_field(
    given: str, as_maria: Client, workspace: Workspace, unsure: Video
) -> None:
    page = as_maria.post(url(workspace, unsure, "resolve"), {"tavus_id": given})

    unsure.refresh_from_db()
    assert page.status_code == 422
    assert 'id="id_tavus_id_error"' in page.content.decode()
    assert unsure.status == Status.UNSURE


def test_tavus_id_of_another_video_is_refused(
    as_maria: Client, workspace: Workspace, unsure: Video, make_video: Any
) -> None:
    other = make_video(Status.READY)

    page = as_maria.post(url(workspace, unsure, "resolve"), {"tavus_id": other.tavus_id})

    assert page.status_code == 422
    assert "Another video in this workspace already has this Tavus ID." in page.content.decode()


def theirs(zoe: User, tavus_id: str) -> Video:
    """A ready video of another workspace."""
    workspace = Workspace.objects.create_with_owner("Rivals", zoe)
    return cast.video(cast.working_key(workspace, zoe), zoe, Status.READY, tavus_id=tavus_id)


def test_id_of_another_workspaces_video_answers_like_one_that_is_nowhere(
    as_maria: Client, workspace: Workspace, unsure: Video, make_video: Any, zoe: User, tavus: FakeTavus, sweep: Any
) -> None:
    second = make_video()
    second.claim()
    second.mark_unsure("late", search_at=timezone.now())
    theirs(zoe, "v-of-rivals")

    for video, tavus_id in ((unsure, "v-of-rivals"), (second, "v-of-nobody")):
        assert as_maria.post(url(workspace, video, "resolve"), {"tavus_id": tavus_id}).status_code == 302
    for _ in range(8):
        Video.objects.filter(status=Status.QUEUED).make_due()
        sweep()

    for video in (unsure, second):
        video.refresh_from_db()
        assert (video.status, video.asks, video.tavus_id) == (Status.UNSURE, Ask.ID_NOT_FOUND, "")


@pytest.mark.parametrize("state", ["followed", "entered at the same time"])
def test_another_workspaces_video_of_the_same_account_is_not_followed_twice(
    state: str, as_maria: Client, workspace: Workspace, unsure: Video, zoe: User, tavus: FakeTavus, sweep: Any
) -> None:
    remote = tavus.accept({"video_name": "renamed at Tavus"})
    tavus.finish(remote["video_id"])
    other = theirs(zoe, remote["video_id"])
    if state == "entered at the same time":
        unconfirmed = {"status": Status.QUEUED, "unconfirmed_id": IDSource.PERSON, "next_poll_at": timezone.now()}
        Video.objects.filter(pk=other.pk).update(**unconfirmed)

    as_maria.post(url(workspace, unsure, "resolve"), {"tavus_id": remote["video_id"]})
    sweep()
    sweep()

    both = Video.objects.in_bulk([unsure.pk, other.pk])
    followed = [video for video in both.values() if video.status == Status.READY]
    assert len(followed) == 1
    assert state != "followed" or followed == [other]
    [given_back] = [video for video in both.values() if video not in followed]
    assert (given_back.status, given_back.asks, given_back.tavus_id) == (Status.UNSURE, Ask.OTHER_VIDEO, "")


@pytest.mark.parametrize("act", ["resolve-missing", "resolve"])
def test_late_decision_changes_nothing(act: str, as_maria: Client, workspace: Workspace, unsure: Video) -> None:
    unsure.adopt("v1")

    answer = as_maria.post(url(workspace, unsure, act), {"tavus_id": "v2"}, follow=True)

    unsure.refresh_from_db()
    assert (unsure.status, unsure.tavus_id) == (Status.QUEUED, "v1")
    assert "changed in the meantime" in answer.content.decode()
