"""A failed video is edited and sent again as itself: its links stay, and nothing is bought by a stale window."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.engine import adoption
from tavusweb.keys.models import APIKey
from tavusweb.tavus import RemoteVideo
from tavusweb.videos import actions
from tavusweb.videos.drafts import Edit
from tavusweb.videos.failure_advice import FailureReason
from tavusweb.videos.models import RemoteCopy, Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tests.videos.test_forms import GOOD

NEW = {"script": "Better words."}


@pytest.fixture
def failed(make_video: Any) -> Video:
    video: Video = make_video(
        Status.FAILED, failure_code="script_rejected", attempt=1, tavus_id="v1", title="Welcome", script="Bad words."
    )
    return video


@pytest.fixture
def send(as_maria: Client, workspace: Workspace, failed: Video) -> Any:
    def send(**fields: str) -> Any:
        given = GOOD | NEW | {"video_id": str(failed.pk), "retries": "1"} | fields
        return as_maria.post(reverse("video_edit", args=[workspace.slug, failed.pk]), given)

    return send


@pytest.mark.parametrize("code", FailureReason.values)
def test_main_button_is_the_one_that_can_succeed(code: str) -> None:
    is_of_server = code in {FailureReason.GENERATION_FAILED, FailureReason.UNKNOWN}

    assert Video(status=Status.FAILED, failure_code=code).needs_edit is not is_of_server


def test_edited_video_is_a_new_attempt_of_the_same_one(send: Any, failed: Video, workspace: Workspace) -> None:
    link = failed.share_links.create()

    assert send().status_code == 302

    video = Video.objects.get()
    assert (video.pk, video.status, video.script) == (failed.pk, Status.WAITING, "Better words.")
    assert video.share_links.get() == link
    assert (video.tavus_id, video.failure_code, video.request_from) == ("", "", 1)
    assert RemoteCopy.objects.get().kind == RemoteCopy.Kind.PAST
    assert AuditEvent.objects.latest("pk").action == "video_retried"


def test_form_shows_what_was_asked_and_keeps_what_is_typed_after_an_error(
    as_maria: Client, send: Any, workspace: Workspace, failed: Video
) -> None:
    page = as_maria.get(reverse("video_edit", args=[workspace.slug, failed.pk])).text
    refused = send(replica_id="")

    assert "Bad words." in page
    assert 'name="retries" value="1"' in page
    assert (refused.status_code, "Better words." in refused.text) == (422, True)
    assert 'name="retries" value="1"' in refused.text
    assert Video.objects.get().status == Status.FAILED


@pytest.mark.parametrize(
    ("fields", "status"), [({}, Status.GENERATING), ({"retries": "0"}, Status.FAILED), ({"retries": ""}, Status.FAILED)]
)
def test_stale_window_buys_nothing_and_keeps_its_text(
    fields: dict[str, str], status: Status, send: Any, failed: Video
) -> None:
    Video.objects.update(status=status)

    assert send(**fields).status_code == 409

    failed.refresh_from_db()
    assert (failed.status, failed.script) == (status, "Bad words.")
    assert Video.objects.get(status=Status.DRAFT).script == "Better words."


def test_enter_in_a_field_sends_nothing(send: Any) -> None:
    assert send(intent="check").status_code == 422
    assert Video.objects.get().status == Status.FAILED


def test_video_of_another_workspace_cannot_be_retried(failed: Video, zoe: Any) -> None:
    theirs, edit = Workspace.objects.of(zoe).get(), Edit()

    with pytest.raises(actions.NotADraft):
        actions.edit_and_retry(Actor(user=zoe), theirs, failed.pk, dict(NEW), attempt=1, edit=edit)

    assert Video.objects.get().status == Status.FAILED


def test_late_submission_of_the_earlier_request_is_recorded_and_not_shown(
    send: Any, key: APIKey, failed: Video
) -> None:
    send()
    video = Video.objects.select_related("api_key").get()
    assert video.claim()
    assert video.mark_unsure("", search_at=video.submitted_at)
    late = RemoteVideo(video_id="late", name=video.submission_name.removesuffix("2") + "1", status="ready")

    adoption.follow(video, [late])

    video.refresh_from_db()
    assert (video.status, video.tavus_id) == (Status.UNSURE, "")
    assert video.copies.get(tavus_id="late").kind == RemoteCopy.Kind.EXTRA
    assert adoption.known_copies(video) == []
    assert uuid.UUID(str(video.pk)) == failed.pk
