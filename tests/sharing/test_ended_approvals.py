"""Approvals that ended on a share page: by a change, and by another take behind the link; and who is named."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import VerdictKind
from tavusweb.reviews.speaker import member_speaker
from tavusweb.sharing import actions
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.accounts.conftest import fresh_limits  # noqa: F401

BY_ADA = "An earlier approval by <bdi>Ada</bdi> ended: the take changed."
BY_SOMEBODY = "An earlier approval ended: the script or an option changed."


@pytest.fixture
def old(make_video: Any) -> Video:
    return make_video(Status.READY, title="Old", hosted_url="https://tavus.video/old")


@pytest.fixture
def new(make_video: Any) -> Video:
    return make_video(Status.READY, title="New", hosted_url="https://tavus.video/new")


@pytest.fixture
def link(old: Video, maria: User) -> ShareLink:
    return ShareLink.objects.create(video=old, created_by=maria, name="For Ada", approval=True)


def page(link: ShareLink, client: Client | None = None, **headers: str) -> str:
    return (client or Client()).get(link.get_absolute_url(), headers=headers).text


def approve(link: ShareLink, client: Client, name: str = "Ada") -> None:
    shown = fingerprint_of(ShareLink.objects.get(pk=link.pk).video)
    client.post(reverse("share_approve", args=[link.token]), {"name": name, "shown": shown, "confirmed": "on"})


def swap(link: ShareLink, video: Video, by: User) -> None:
    actions.swap_take(Actor(by), ShareLink.objects.get(pk=link.pk), video)


def test_swapped_take_ends_the_approval_on_both_pages(
    link: ShareLink, old: Video, new: Video, maria: User, as_maria: Client
) -> None:
    guest = Client()
    approve(link, guest)
    assert "data-ended" not in page(link)

    swap(link, new, maria)

    assert BY_ADA in page(link)
    assert "Your earlier approval ended: the take changed." in page(link, guest)
    assert 'data-approval="none"' in page(link)
    assert BY_ADA in as_maria.get(new.get_absolute_url()).text
    assert "data-ended" not in as_maria.get(old.get_absolute_url()).text

    swap(link, old, maria)

    assert 'data-approval="approved"' in page(link)
    assert "data-ended" not in page(link)


def test_take_never_behind_the_link_ends_nothing(link: ShareLink, new: Video, maria: User) -> None:
    reviews.decide(Actor(), member_speaker(maria), new, VerdictKind.APPROVED, shown=fingerprint_of(new))

    assert "data-ended" not in page(link)


def test_revoked_link_ends_nothing_on_the_members_page(
    link: ShareLink, new: Video, maria: User, as_maria: Client
) -> None:
    approve(link, Client())
    swap(link, new, maria)
    link.revoke(by=maria)

    assert "data-ended" not in as_maria.get(new.get_absolute_url()).text


def test_approver_from_elsewhere_is_not_named(link: ShareLink, old: Video, maria: User) -> None:
    reviews.decide(Actor(), member_speaker(maria), old, VerdictKind.APPROVED, shown=fingerprint_of(old))
    other = ShareLink.objects.create(video=old, created_by=maria, approval=True)
    approve(other, Client(), "Olga")
    Video.objects.filter(pk=old.pk).update(script="Other words")

    shown = page(link)

    assert shown.count(BY_SOMEBODY) == 2
    assert "Maria</bdi>" not in shown
    assert "Olga" not in shown


def test_personal_link_names_nobody(link: ShareLink, old: Video) -> None:
    ShareLink.objects.update(recipient_email="ada@example.com")
    approve(link, Client())
    Video.objects.filter(pk=old.pk).update(script="Other words")

    shown = page(link)

    assert BY_SOMEBODY in shown
    assert "Ada</bdi>" not in shown


@pytest.mark.parametrize("rule", [{"password_hash": "x"}, {"view_limit": 2}, {"approval": False}])
def test_nothing_is_said_before_the_gate_or_without_approval(
    rule: dict[str, Any], link: ShareLink, new: Video, maria: User
) -> None:
    approve(link, Client())
    swap(link, new, maria)
    ShareLink.objects.update(**rule)

    assert "earlier approval" not in page(link)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Eine frühere Freigabe von <bdi>Ada</bdi> gilt nicht mehr: Die Fassung hat gewechselt."),
        ("fr", "Une approbation antérieure de <bdi>Ada</bdi> n’est plus valable\u00a0: la version a changé."),
        ("es", "Una aprobación anterior de <bdi>Ada</bdi> ya no es válida: ha cambiado la versión."),
    ],
)
def test_visitors_read_it_in_their_language(
    language: str, words: str, link: ShareLink, new: Video, maria: User
) -> None:
    approve(link, Client())
    swap(link, new, maria)

    assert words in page(link, **{"Accept-Language": language})


def test_page_still_takes_four_queries(link: ShareLink, new: Video, old: Video, maria: User) -> None:
    for number in range(10):
        approve(link, Client(), f"Guest {number}")
    swap(link, new, maria)
    ShareLink.objects.update(comments="named")

    with CaptureQueriesContext(connection) as queries:
        assert "data-ended" in page(link)

    assert len(queries) <= 4
