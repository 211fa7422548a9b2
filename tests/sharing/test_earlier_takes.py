"""What was said about a take stays with it when another is put behind the link."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.reviews.models import Comment
from tavusweb.sharing import actions
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.accounts.conftest import fresh_limits  # noqa: F401


@pytest.fixture
def old(make_video: Any) -> Video:
    return make_video(Status.READY, title="Old", hosted_url="https://tavus.video/old")


@pytest.fixture
def new(make_video: Any) -> Video:
    return make_video(Status.READY, title="New", hosted_url="https://tavus.video/new")


@pytest.fixture
def link(old: Video, maria: User) -> ShareLink:
    return ShareLink.objects.create(video=old, created_by=maria, comments="named", approval=True)


def say(client: Client, link: ShareLink, words: str, **fields: Any) -> Any:
    return client.post(reverse("share_comment", args=[link.token]), {"name": "Ada", "comment": words} | fields)


def page(link: ShareLink, client: Client | None = None) -> str:
    return (client or Client()).get(link.get_absolute_url()).text


def test_earlier_takes_comments_are_shown_under_it(link: ShareLink, new: Video, maria: User) -> None:
    say(Client(), link, "The logo is old.")
    assert "About an earlier take" not in page(link)

    actions.swap_take(Actor(maria), link, new)
    say(Client(), link, "Better.")

    shown = page(link)
    current, _, earlier = shown.partition("About an earlier take: Old")
    assert "Better." in current
    assert "The logo is old." in earlier.partition("<form")[0]
    assert "The logo is old." not in current


def test_comment_sent_from_an_old_page_is_about_the_old_take(
    link: ShareLink, old: Video, new: Video, maria: User
) -> None:
    guest = Client()
    assert f'name="take" value="{old.pk}"' in page(link, guest)
    actions.swap_take(Actor(maria), link, new)

    say(guest, link, "Too fast at the start.", take=str(old.pk))

    assert old.comments.get().body == "Too fast at the start."
    assert not new.comments.exists()


@pytest.mark.parametrize("given", ["never shown", "nonsense"])
def test_take_never_shown_by_the_link_cannot_be_commented_on(
    given: str, link: ShareLink, old: Video, new: Video
) -> None:
    say(Client(), link, "Hm", take=str(new.pk) if given == "never shown" else given)

    assert not new.comments.exists()


def test_reply_and_edit_stay_in_the_earlier_thread(link: ShareLink, old: Video, new: Video, maria: User) -> None:
    guest = Client()
    say(guest, link, "Frist")
    first = Comment.objects.get()
    actions.swap_take(Actor(maria), link, new)

    say(guest, link, "Second", answers=str(first.pk), take=str(new.pk))
    guest.post(reverse("share_comment_edit", args=[link.token]), {"pk": first.pk, "comment": "First"})

    assert [row.body for row in old.comments.all()] == ["First", "Second"]
    assert not new.comments.exists()


def test_earlier_takes_titles_and_comments_are_escaped(link: ShareLink, old: Video, new: Video, maria: User) -> None:
    Video.objects.filter(pk=old.pk).update(title="<b>Old</b>")
    say(Client(), link, "<i>Hi</i>")
    actions.swap_take(Actor(maria), link, new)

    assert "<b>Old</b>" not in page(link)
    assert "<i>Hi</i>" not in page(link)


def test_the_page_still_takes_four_queries(link: ShareLink, new: Video, maria: User) -> None:
    say(Client(), link, "The logo is old.")
    actions.swap_take(Actor(maria), link, new)
    say(Client(), link, "Better.")

    with CaptureQueriesContext(connection) as queries:
        page(link)

    assert len(queries) <= 4
