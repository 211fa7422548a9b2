"""When a member is removed, nobody forgets the links they have shared."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.models import AuditEvent
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace


@pytest.fixture
def links(make_video: Callable[..., Video], erik: User, maria: User) -> list[ShareLink]:
    """Two by Erik, one of them revoked, and one by Maria."""
    video = make_video(Status.READY)
    erik_s, revoked, maria_s = (ShareLink.objects.create(video=video, created_by=who) for who in (erik, erik, maria))
    revoked.revoke(by=erik)
    return [erik_s, maria_s]


@pytest.fixture
def url(workspace: Workspace, erik: User) -> str:
    return reverse("member_remove", args=["acme", workspace.memberships.get(user=erik).pk])


def is_live(links: list[ShareLink]) -> list[bool]:
    return [Client().get(link.get_absolute_url()).status_code == 200 for link in links]


def test_removal_asks_about_links_and_suggests_revoking(as_maria: Client, url: str, links: list[ShareLink]) -> None:
    page = as_maria.get(url).content.decode()

    assert "Revoke 1 share link<" in page
    assert 'name="revoke_links" id="revoke-links" checked' in page


def test_links_are_revoked_with_the_membership(as_maria: Client, url: str, links: list[ShareLink]) -> None:
    page = as_maria.post(url, {"revoke_links": "on"}, follow=True).content.decode()
    events = list(
        AuditEvent.objects.filter(chain__workspace__slug="acme").order_by("seq").values_list("action", flat=True)
    )

    assert events == ["member_removed", "share_revoked"]
    assert is_live(links) == [False, True]
    assert "Erik removed." in page
    assert "1 share link revoked." in page


def test_kept_links_show_their_former_owner(as_maria: Client, url: str, links: list[ShareLink]) -> None:
    as_maria.post(url, {})

    page = as_maria.get(reverse("shared_links", args=["acme"])).content.decode()
    assert is_live(links) == [True, True]
    assert page.count("Erik (former member)") == 2
    assert "Maria (former" not in page


def test_removal_without_links_asks_nothing(as_maria: Client, url: str) -> None:
    assert "revoke_links" not in as_maria.get(url).content.decode()


def test_refused_removal_keeps_the_links(
    as_maria: Client, workspace: Workspace, maria: User, links: list[ShareLink]
) -> None:
    own = reverse("member_remove", args=["acme", workspace.memberships.get(user=maria).pk])

    as_maria.post(own, {"revoke_links": "on"})

    assert is_live(links) == [True, True]
