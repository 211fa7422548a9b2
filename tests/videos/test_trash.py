"""Delete moves to the trash, Restore brings back, and after 30 days or on request a video is deleted for good."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.inbox.access import visible
from tavusweb.notify.actions import tell
from tavusweb.notify.kinds import Kind
from tavusweb.notify.models import Notice
from tavusweb.reviews.models import Verdict
from tavusweb.sharing.models import ShareLink
from tavusweb.videos import actions
from tavusweb.videos.models import Caption, Video
from tavusweb.videos.models.status import Status
from tavusweb.videos.models.trash import KEPT_FOR


@pytest.fixture
def trashed(make_video: Any, maria: User) -> Any:
    def trashed(status: Status = Status.READY, age: timedelta = timedelta(), **fields: Any) -> Video:
        at = timezone.now() - age
        return make_video(status, trashed_at=at, trashed_by=maria, **fields)

    return trashed


def url(video: Video, name: str) -> str:
    return reverse(name, args=[video.workspace.slug, video.pk])


def library(client: Client, video: Video, query: str = "") -> str:
    return client.get(reverse("videos", args=[video.workspace.slug]) + query).text


@pytest.mark.parametrize("status", [each for each in Status if each != Status.DELETED])
def test_every_video_can_be_put_in_the_trash_and_only_waiting_ones_change(
    status: Status, make_video: Any, maria: User
) -> None:
    video = make_video(status)

    actions.delete(Actor.system("test", user=maria), video)

    video.refresh_from_db()
    assert video.is_trashed
    assert video.trashed_by == maria
    assert video.status == (Status.CANCELLED if status == Status.WAITING else status)
    assert video.wants_delete == ""  # nothing happens at Tavus


def test_delete_hides_it_and_undo_brings_it_back(as_maria: Client, make_video: Any) -> None:
    video = make_video(Status.READY)

    answer = as_maria.post(url(video, "video_delete"), follow=True).text

    assert f'action="{url(video, "video_restore")}"' in answer  # Undo
    assert str(video.pk) not in library(as_maria, video)
    assert f'data-video="{video.pk}"' in library(as_maria, video, "?status=trash")

    as_maria.post(url(video, "video_restore"))

    assert f'data-video="{video.pk}"' in library(as_maria, video)
    assert str(video.pk) not in library(as_maria, video, "?status=trash")
    assert [event.kind for event in video.events.all()] == ["trashed", "restored"]


def test_share_link_is_off_in_the_trash_and_asks_for_nothing(as_maria: Client, make_video: Any, client: Client) -> None:
    video = make_video(Status.READY, hosted_url="https://tavus.video/v1")
    link = ShareLink(video=video)
    link.put_password("open sesame")
    link.save()
    as_maria.post(url(video, "video_delete"))

    page = Client().get(link.get_absolute_url())
    listed = as_maria.get(reverse("shared_links", args=[video.workspace.slug])).text

    assert page.status_code == 410
    assert "Password" not in page.text
    assert f'data-link="{link.pk}"' not in listed

    as_maria.post(url(video, "video_restore"))

    assert "Password" in Client().get(link.get_absolute_url()).text


@pytest.mark.parametrize("name", ["video_retry", "video_cancel", "video_rename", "share_link_create"])
def test_in_the_trash_only_restore_and_delete_for_good_are_possible(name: str, as_maria: Client, trashed: Any) -> None:
    video = trashed(Status.FAILED)

    as_maria.post(url(video, name), {"title": "New"})

    video.refresh_from_db()
    assert (video.status, video.title, video.share_links.count()) == (Status.FAILED, "Welcome", 0)


def test_only_one_of_two_people_restores_it(trashed: Any, maria: User) -> None:
    video = trashed()
    actor = Actor.system("test", user=maria)
    actions.restore(actor, video)

    with pytest.raises(actions.Moved):
        actions.restore(actor, video)

    assert video.events.count() == 1


def test_deleting_for_good_starts_from_the_trash_only(as_maria: Client, make_video: Any) -> None:
    video = make_video(Status.READY)

    as_maria.post(url(video, "video_delete_for_good"))

    video.refresh_from_db()
    assert (video.wants_delete, video.status) == ("", Status.READY)


def test_deleting_for_good_deletes_at_tavus_and_is_announced(as_maria: Client, trashed: Any) -> None:
    video = trashed()

    page = as_maria.get(url(video, "video_delete_for_good")).text
    as_maria.post(url(video, "video_delete_for_good"))

    video.refresh_from_db()
    assert "at Tavus" in page
    assert video.wants_delete == "hard"


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED, Status.WAITING])
def test_what_tavus_never_had_is_gone_at_once(status: Status, as_maria: Client, trashed: Any, maria: User) -> None:
    video = trashed(status, script="A secret")
    Caption.objects.create(video=video, language="en", content="A secret", cues=1, saved_by=maria)

    as_maria.post(url(video, "video_delete_for_good"))

    video.refresh_from_db()
    assert (video.status, video.script, video.is_trashed) == (Status.DELETED, "", False)
    assert not Caption.objects.exists()


def test_draft_goes_to_the_trash_and_then_altogether(as_maria: Client, make_video: Any) -> None:
    draft = make_video(Status.DRAFT)
    as_maria.post(url(draft, "video_delete"))
    assert as_maria.get(url(draft, "video_edit")).url == url(draft, "video")
    assert "Restore" in as_maria.get(url(draft, "video")).text

    as_maria.post(url(draft, "video_delete_for_good"))

    assert not Video.objects.exists()


def test_draft_generated_from_a_window_still_open_leaves_the_trash(trashed: Any, maria: User) -> None:
    draft = trashed(Status.DRAFT)

    changes = {"title": "Welcome", "script": "Go on", "replica_id": "r1", "api_key": draft.api_key}
    actions.generate(Actor.system("test", user=maria), draft.workspace, draft.pk, changes)

    draft.refresh_from_db()
    assert (draft.status, draft.is_trashed) == (Status.WAITING, False)


def test_after_thirty_days_it_is_deleted_for_good(trashed: Any) -> None:
    old, young = trashed(age=KEPT_FOR), trashed(age=KEPT_FOR - timedelta(hours=1))
    unsure = trashed(Status.UNSURE, age=KEPT_FOR)  # nobody knows yet what there is to delete

    assert actions.delete_expired() == 1
    assert actions.delete_expired() == 0

    marks = dict(Video.objects.values_list("pk", "wants_delete"))
    assert (marks[old.pk], marks[young.pk], marks[unsure.pk]) == ("hard", "", "")


def test_notices_of_it_are_hidden_until_it_is_restored(make_video: Any, maria: User) -> None:
    video = make_video(Status.READY)
    tell([maria], Kind.VIDEO_READY, workspace=video.workspace, subject_key="x", about=f"video:{video.pk}", url="/")
    actor = Actor.system("test", user=maria)

    actions.delete(actor, video)

    assert not Notice.objects.active().exists()
    assert not visible(Notice.objects.all())
    actions.restore(actor, video)
    assert Notice.objects.active().count() == 1


def test_refused_submission_in_the_trash_is_not_sent_again(trashed: Any) -> None:
    trashed(Status.WAITING)

    assert not Video.objects.waiting_to_go(timezone.now()).exists()


def test_answers_stay_with_a_restored_video(as_maria: Client, make_video: Any) -> None:
    video = make_video(Status.READY)
    Verdict.objects.create(video=video, kind="approved", name="Ada", fingerprint="x", take_at=timezone.now())

    as_maria.post(url(video, "video_delete"))
    as_maria.post(url(video, "video_restore"))

    assert video.verdicts.count() == 1
