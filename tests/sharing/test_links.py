"""The pages on which a workspace watches over its share links."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role

SHARED = reverse("shared_links", args=["acme"])


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Tom & <Jerry>", hosted_url="https://tavus.video/v00001")


@pytest.fixture
def link(video: Video, maria: User) -> ShareLink:
    return ShareLink.objects.create(video=video, created_by=maria)


def revoke_url(link: ShareLink, slug: str = "acme") -> str:
    return reverse("share_link_revoke", args=[slug, link.pk])


def create_url(video: Video, slug: str = "acme") -> str:
    return reverse("share_link_create", args=[slug, video.pk])


class TestDoors:
    def test_stranger_gets_404_and_changes_nothing(self, client: Client, link: ShareLink, zoe: User) -> None:
        client.force_login(zoe)

        answers = [
            client.get(SHARED).status_code,
            client.post(revoke_url(link)).status_code,
            client.post(revoke_url(link, "rival")).status_code,
            client.post(create_url(link.video)).status_code,
            client.post(create_url(link.video, "rival")).status_code,
        ]

        assert answers == [404] * 5
        assert ShareLink.objects.current().count() == 1

    def test_signed_out_person_is_sent_to_sign_in_and_back(self, client: Client, link: ShareLink) -> None:
        sign_in = reverse("account_login")

        assert client.get(SHARED)["Location"] == f"{sign_in}?next={SHARED}"
        for url in (revoke_url(link), create_url(link.video)):
            assert client.post(url)["Location"].startswith(sign_in)
        assert ShareLink.objects.current().count() == 1

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
    def test_viewer_sees_links_but_cannot_create_or_revoke(
        self, role: Role, client: Client, link: ShareLink, erik: User
    ) -> None:
        erik.memberships.update(role=role)
        client.force_login(erik)

        page = client.get(SHARED).content.decode()

        assert link.public_url in page
        assert "Revoke" not in page
        assert client.post(revoke_url(link)).status_code == 403
        assert client.post(create_url(link.video)).status_code == 403
        assert ShareLink.objects.current().count() == 1

    def test_writing_views_refuse_get(self, as_maria: Client, link: ShareLink) -> None:
        assert as_maria.get(revoke_url(link)).status_code == 405
        assert as_maria.get(create_url(link.video)).status_code == 405


class TestList:
    def test_live_link_can_be_copied_and_revoked(self, as_maria: Client, link: ShareLink) -> None:
        page = as_maria.get(SHARED).content.decode()

        assert "Tom &amp; &lt;Jerry&gt;" in page
        assert f'value="{link.public_url}"' in page
        assert "Copy link</button>" in page
        assert revoke_url(link) in page
        assert "Live" in page

    def test_revoked_link_shows_who_revoked_it(self, as_maria: Client, link: ShareLink, erik: User) -> None:
        link.revoke(by=erik)

        page = as_maria.get(SHARED).content.decode()

        assert "Revoked" in page
        assert "by Erik" in page
        assert link.token not in page
        assert revoke_url(link) not in page

    def test_page_without_links_explains_how_to_share(self, as_maria: Client, video: Video) -> None:
        assert b"No share links yet" in as_maria.get(SHARED).content

    def test_links_of_another_workspace_are_not_listed(self, client: Client, link: ShareLink, zoe: User) -> None:
        client.force_login(zoe)

        page = client.get(reverse("shared_links", args=["rival"])).content.decode()

        assert "No share links yet" in page

    def test_older_pages_can_be_opened(self, as_maria: Client, video: Video) -> None:
        ShareLink.objects.bulk_create(ShareLink(video=video) for _ in range(60))

        first, second = as_maria.get(SHARED), as_maria.get(SHARED, {"page": 2})

        assert (len(first.context["links"]), len(second.context["links"])) == (50, 10)
        assert b'href="?page=2"' in first.content

    def test_query_count_does_not_depend_on_the_links(
        self, as_maria: Client, video: Video, maria: User, django_assert_num_queries: Any
    ) -> None:
        ShareLink.objects.bulk_create(ShareLink(video=video, created_by=maria) for _ in range(20))

        with django_assert_num_queries(10):  # of which the page's own: counts, links, 3 for the visits, the freeze
            as_maria.get(SHARED)


class TestRow:
    """What the row of one link says about its rules and its numbers."""

    def row(self, client: Client, link: ShareLink) -> str:
        page = client.get(SHARED).text
        return page[page.index(f'data-link="{link.pk}"') : page.index("</tr>", page.index(f'data-link="{link.pk}"'))]

    @pytest.mark.parametrize(
        ("rules", "badges"),
        [
            ({}, ["Live"]),
            ({"password_hash": "md5$x$y", "comments": "named"}, ["Live", "Password", "Comments"]),
            ({"email_rule": "confirmed", "approval": True}, ["Email with code", "Approval"]),
            ({"view_limit": 5, "views_used": 2, "allow_download": True}, ["Live", "2 of 5 views", "Download"]),
            ({"view_limit": 1, "views_used": 1}, ["Used up"]),
            ({"expires_at": timezone.now() - timedelta(days=1)}, ["Expired"]),
            ({"closed_at": timezone.now()}, ["Closed by staff"]),
            ({"embed_sites": "https://blog.example"}, ["Embedding"]),
        ],
    )
    def test_each_rule_is_shown_as_a_badge(
        self, rules: dict[str, Any], badges: list[str], as_maria: Client, video: Video
    ) -> None:
        row = self.row(as_maria, ShareLink.objects.create(video=video, **rules))

        assert [badge for badge in badges if badge not in row] == []
        assert ("Live" in row) != (badges[0] in {"Used up", "Expired", "Closed by staff"})

    def test_views_and_plays_exclude_members(self, as_maria: Client, link: ShareLink) -> None:
        now = timezone.now()
        link.visits.create(number="a" * 16, viewer="a", played_at=now)
        link.visits.create(number="b" * 16, viewer="b")
        link.visits.create(number="c" * 16, viewer="c", is_machine=True)
        link.visits.create(number="d" * 16, viewer="d", is_member=True, played_at=now)

        assert 'data-views="2" data-plays="1"' in as_maria.get(SHARED).text


class TestActs:
    def test_revoking_offers_undo(self, as_maria: Client, link: ShareLink) -> None:
        page = as_maria.post(revoke_url(link), follow=True).text
        undo = reverse("share_link_restore", args=["acme", link.pk])

        assert "Link revoked." in page
        assert page.count(f'action="{undo}"') == 2, "in the message, and in the row"
        answer = as_maria.post(undo, {"next": SHARED}, follow=True)

        assert "Link restored." in answer.text
        assert f'action="{undo}"' not in answer.text
        assert Client().get(link.get_absolute_url()).status_code == 200

    def test_new_link_has_an_unguessable_url_and_a_creator(self, as_maria: Client, video: Video, maria: User) -> None:
        for _ in range(2):
            as_maria.post(create_url(video))

        tokens = {link.token for link in ShareLink.objects.filter(created_by=maria)}
        assert len(tokens) == 2
        assert all(len(token) == 32 for token in tokens)  # 24 random bytes

    @pytest.mark.parametrize("status", [Status.DRAFT, Status.DELETED])
    def test_draft_or_deleted_video_cannot_be_shared(self, status: Status, as_maria: Client, make_video: Any) -> None:
        as_maria.post(create_url(make_video(status)))

        assert not ShareLink.objects.exists()

    def test_revoking_turns_the_page_off_immediately(self, as_maria: Client, link: ShareLink, maria: User) -> None:
        response = as_maria.post(revoke_url(link))

        link.refresh_from_db()
        assert response["Location"] == SHARED
        assert link.revoked_by == maria
        assert Client().get(link.get_absolute_url()).status_code == 410

    @pytest.mark.parametrize(
        ("wish", "goes_to"),
        [("/w/acme/videos/", "/w/acme/videos/"), ("https://evil.example/", SHARED), ("//evil.example", SHARED)],
    )
    def test_revoking_redirects_only_within_this_site(
        self, wish: str, goes_to: str, as_maria: Client, link: ShareLink
    ) -> None:
        assert as_maria.post(revoke_url(link), {"next": wish})["Location"] == goes_to

    def test_unknown_link_or_video_is_not_found(self, as_maria: Client, link: ShareLink) -> None:
        assert as_maria.post(reverse("share_link_revoke", args=["acme", link.pk + 1])).status_code == 404
        assert as_maria.post(reverse("share_link_create", args=["acme", uuid.uuid4()])).status_code == 404


def test_link_to_a_deleted_video_is_not_live(as_maria: Client, workspace: Workspace, make_video: Any) -> None:
    ShareLink.objects.create(video=make_video(Status.DELETED))

    page = as_maria.get(f"/w/{workspace.slug}/shared/").content.decode()

    assert "Video deleted" in page
    assert 'data-tone="good">Live' not in page
