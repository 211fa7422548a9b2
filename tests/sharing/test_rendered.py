"""Parts of a page that are kept rendered: never older than what is said, each visitor's own and never another's."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tavusweb.accounts.models import User
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import Comment
from tavusweb.sharing import rendered
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.accounts.conftest import fresh_limits  # noqa: F401


@pytest.fixture
def link(make_video: Any, maria: User) -> ShareLink:
    video = make_video(Status.READY, tavus_id="v1", hosted_url="https://tavus.video/v1")
    return ShareLink.objects.create(video=video, created_by=maria, comments="named", approval=True)


def page(link: ShareLink, client: Client | None = None, **headers: str) -> str:
    return (client or Client()).get(link.get_absolute_url(), headers=headers).text


def write(client: Client, link: ShareLink, words: str) -> None:
    client.post(reverse("share_comment", args=[link.token]), {"name": "Ada", "comment": words})


def test_cached_page_reflects_changes_immediately(link: ShareLink) -> None:
    assert "First" not in page(link)
    write(Client(), link, "First")
    assert "First" in page(link)

    Comment.objects.update(body="Second", name="Bob")
    assert "Second" in page(link)
    assert "Bob" in page(link)
    Comment.objects.update(deleted_at=link.created_at)

    assert "Second" not in page(link)


def test_cached_page_reflects_approvals_immediately(link: ShareLink) -> None:
    shown = fingerprint_of(Video.objects.get())
    assert 'data-approval="none"' in page(link)
    Client().post(reverse("share_approve", args=[link.token]), {"name": "Ada", "shown": shown, "confirmed": "on"})
    assert 'data-approval="approved"' in page(link)

    Video.objects.update(script="Other words")

    assert 'data-approval="none"' in page(link)
    assert shown not in page(link), "the next approval is about what is shown now"


def test_cache_key_includes_rules_and_language(link: ShareLink) -> None:
    assert "Kommentar senden" in page(link, **{"Accept-Language": "de"})
    assert "Send comment" in page(link)
    assert re.search(r'name="name"[^>]*required', page(link))

    ShareLink.objects.update(comments="anonymous", approval=False)

    shown = page(link)
    comments = shown[shown.index('id="comments"') :]
    assert not re.search(r'name="name"[^>]*required', comments)
    assert translation.get_language() == "en"


def test_cached_page_shows_no_other_visitors_controls(link: ShareLink) -> None:
    guest = Client()
    write(guest, link, "First")

    assert "Delete</button>" in page(link, guest)
    assert "Delete</button>" not in page(link)


def test_each_page_has_its_own_form_key(link: ShareLink) -> None:
    numbers = [re.search(r'name="once" value="([0-9a-f]{16})"', page(link))[1] for _ in range(3)]  # type: ignore[index]

    assert len(set(numbers)) == 3
    assert rendered.ONCE not in numbers


def test_cache_size_is_bounded() -> None:
    for number in range(rendered.MOST_PARTS + 50):
        rendered.part(("test", number), lambda: "text")
    rendered.part(("test", "large"), lambda: "x" * (rendered.LARGEST + 1))

    assert len(rendered._kept) <= rendered.MOST_PARTS
    assert all(len(text) <= rendered.LARGEST for text in rendered._kept.values())
