"""A person decides what became of an unsure submission."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
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


@pytest.mark.parametrize("act", ["resolve-missing", "resolve"])
def test_late_decision_changes_nothing(act: str, as_maria: Client, workspace: Workspace, unsure: Video) -> None:
    unsure.adopt("v1")

    answer = as_maria.post(url(workspace, unsure, act), {"tavus_id": "v2"}, follow=True)

    unsure.refresh_from_db()
    assert (unsure.status, unsure.tavus_id) == (Status.QUEUED, "v1")
    assert "changed in the meantime" in answer.content.decode()
