"""The question before a video is deleted names the live links that it turns off."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.sharing import actions
from tavusweb.sharing.models import ShareLink
from tavusweb.sharing.takes.affected import affected_by_deletion
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.permissions import Role


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Launch", hosted_url="https://tavus.video/v1")


def dialog(client: Client, video: Video) -> str:
    page = client.get(video.get_absolute_url(), {"ask": "delete"}).text
    return page.partition('<dialog id="delete_dialog"')[2].partition("</dialog>")[0]


def share(video: Video, name: str = "", **fields: Any) -> ShareLink:
    return ShareLink.objects.create(video=video, name=name, **fields)


def test_newest_live_links_are_named_and_the_others_counted(as_maria: Client, video: Video) -> None:
    for number in range(5):
        share(video, f"Link <{number}>")

    shown = dialog(as_maria, video)

    assert "5 live share links stop working:" in shown
    assert [f"Link &lt;{number}&gt;" in shown for number in range(5)] == [False, False, True, True, True]
    assert "2 more" in shown


def test_single_link_without_a_name_is_named_by_its_date_or_recipient(as_maria: Client, video: Video) -> None:
    link = share(video)
    shown = dialog(as_maria, video)
    assert "1 live share link stops working:" in shown
    assert f"Link without a name, created on {date_format(link.created_at, 'DATE_FORMAT')}" in shown

    ShareLink.objects.update(recipient_email="ada@example.com")

    assert "ada@example.com" in dialog(as_maria, video)


def test_links_that_are_off_already_are_not_counted(as_maria: Client, video: Video, make_video: Any) -> None:
    now = timezone.now()
    for ended in ({"revoked_at": now}, {"closed_at": now}, {"expires_at": now - timedelta(days=1)}):
        share(video, "Ended", **ended)
    share(make_video(Status.READY), "Another’s")

    shown = dialog(as_maria, video)

    assert "No live share link shows this video." in shown
    assert "Ended" not in shown
    assert "Another’s" not in shown


def test_links_that_wait_for_it_or_offer_it_are_told_apart(
    as_maria: Client, maria: User, video: Video, make_video: Any
) -> None:
    other = make_video(Status.READY)
    offering = share(other)
    actions.offer_takes(Actor(maria), offering, [other, video])
    rendering = make_video(Status.FAILED)
    actions.swap_take(Actor(maria), share(other), rendering, when_ready=True)
    assert 'data-affected-others="1"' in dialog(as_maria, rendering)

    shown = dialog(as_maria, video)

    assert "No live share link shows this video." in shown
    assert "1 more link shows another take." in shown
    share(video)
    actions.offer_takes(Actor(maria), ShareLink.objects.filter(video=video).get(), [other, video])
    assert 'data-affected-others="1"' in dialog(as_maria, video), "its own link is counted once"


def test_two_queries_name_them_however_many_there_are(video: Video, django_assert_num_queries: Any) -> None:
    for number in range(20):
        share(video, f"Link {number}")

    with django_assert_num_queries(2):
        affected = affected_by_deletion(video)

    assert (affected.number, affected.more) == (20, 17)


def test_what_is_announced_is_what_happens(as_maria: Client, video: Video) -> None:
    link = share(video, "For Ada")
    assert "For Ada" in dialog(as_maria, video)

    as_maria.post(f"{video.get_absolute_url()}delete/")

    assert Client().get(link.get_absolute_url()).status_code == 410


def test_video_that_cannot_be_deleted_asks_nothing(as_maria: Client, erik: User, client: Client, video: Video) -> None:
    share(video, "For Ada")
    Video.objects.update(status=Status.DELETED)
    assert "data-affected-links" not in as_maria.get(video.get_absolute_url()).text

    Video.objects.update(status=Status.READY)
    erik.memberships.update(role=Role.VIEWER)
    client.force_login(erik)
    assert "data-affected-links" not in client.get(video.get_absolute_url()).text


def test_page_that_deletes_a_workspace_names_its_live_links(video: Video, as_maria: Client) -> None:
    share(video, "For the board")
    share(video, "Old", revoked_at=timezone.now())

    shown = as_maria.get(reverse("workspace_delete", args=["acme"])).text

    assert "1 live share link stops working:" in shown
    assert "For the board" in shown
    assert "Old" not in shown
