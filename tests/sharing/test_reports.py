"""Report a video, and what staff do about its link or all links of its workspace."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.notify.kinds import Kind
from tavusweb.notify.models import Notice
from tavusweb.sharing import actions, report_notices
from tavusweb.sharing.models import LinkFreeze, Report, ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tests.accounts.conftest import fresh_limits  # noqa: F401

STAFF = Actor(is_operator=True)
SHARED = reverse("shared_links", args=["acme"])


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Launch", hosted_url="https://tavus.video/v1")


@pytest.fixture
def link(video: Video, erik: User) -> ShareLink:
    return ShareLink.objects.create(video=video, created_by=erik)


def report_url(link: ShareLink) -> str:
    return reverse("share_report", args=[link.token])


GIVEN = {"reason": "deception", "details": "It <b>lies</b>.", "email": "ada@example.com"}


class TestReporting:
    def test_report_is_stored_for_staff_and_acknowledged(self, link: ShareLink) -> None:
        page = Client().get(link.get_absolute_url()).text
        assert f'href="{report_url(link)}"' in page

        answer = Client().post(report_url(link), GIVEN, follow=True)

        assert "Thank you for your report" in answer.text
        report = Report.objects.get()
        assert (report.link, report.reason, report.details) == (link, "deception", "It <b>lies</b>.")
        assert not Notice.objects.exists(), "the workspace is not told who reports"

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({}, "Choose a reason."),
            ({"reason": "nonsense"}, "Select a valid choice"),
            ({"reason": "other", "email": "ada@"}, "valid email"),
            ({"reason": "other", "details": "x" * 1001}, "Use at most 1000 characters"),
        ],
    )
    def test_incomplete_report_is_rejected(self, given: dict[str, str], words: str, link: ShareLink) -> None:
        answer = Client().post(report_url(link), given)

        assert answer.status_code == 422
        assert words in answer.text
        assert not Report.objects.exists()

    def test_bot_report_is_acknowledged_and_discarded(self, link: ShareLink) -> None:
        answer = Client().post(report_url(link), GIVEN | {"website": "https://spam.example"})

        assert answer.status_code == 302
        assert not Report.objects.exists()

    def test_report_count_is_limited(self, link: ShareLink) -> None:
        answers = [Client().post(report_url(link), GIVEN).status_code for _ in range(4)]

        assert answers == [302, 302, 302, 429]
        assert Client().post(report_url(link), GIVEN, REMOTE_ADDR="203.0.113.7").status_code == 302

    def test_report_requires_passing_the_gate(self, link: ShareLink) -> None:
        link.put_password("open sesame")
        link.save()

        assert Client().get(report_url(link)).status_code == 404
        assert Client().post(report_url(link), GIVEN).status_code == 404

    def test_cross_site_report_is_rejected(self, link: ShareLink) -> None:
        answer = Client().post(report_url(link), GIVEN, headers={"Sec-Fetch-Site": "cross-site"})

        assert answer.status_code == 403
        assert not Report.objects.exists()

    def test_operators_are_mailed_only_if_configured(self, link: ShareLink, settings: Any) -> None:
        report = actions.report(link, "deception", details="It lies.")
        assert not report_notices.mail_operators(report.pk)

        settings.REPORTS_TO = ["ops@example.org"]
        assert report_notices.mail_operators(report.pk)

        [message] = mail.outbox
        assert message.to == ["ops@example.org"]
        assert f"/backoffice/links/{link.pk}/" in message.body
        assert link.token not in message.body
        assert "It lies." in message.body


class TestClosing:
    def test_closed_link_cannot_be_restored_by_members(
        self, link: ShareLink, as_maria: Client, maria: User, erik: User
    ) -> None:
        link.revoke(by=maria)
        actions.close_link(STAFF, link, "It breaks the law.")

        answer = as_maria.post(reverse("share_link_restore", args=["acme", link.pk]), follow=True)

        assert "can’t be restored" in answer.text
        assert "It breaks the law." in answer.text
        link.refresh_from_db()
        assert link.is_revoked
        link.restore()
        page = Client().get(link.get_absolute_url())
        assert page.status_code == 410
        assert "law" not in page.text
        assert {notice.recipient for notice in Notice.objects.filter(kind=Kind.LINK_CLOSED)} == {maria, erik}
        assert AuditEvent.objects.get(action="share_closed").after == {"reason": "It breaks the law."}

    def test_closing_resolves_reports_and_reopening_restores_the_link(self, link: ShareLink) -> None:
        actions.report(link, "harmful")

        assert actions.close_link(STAFF, link, "Why")
        assert not actions.close_link(STAFF, link, "Again")
        assert not Report.objects.filter(handled_at=None).exists()
        assert actions.reopen_link(STAFF, link)

        assert Client().get(link.get_absolute_url()).status_code == 200

    def test_dismissed_reports_leave_the_link_open(self, link: ShareLink) -> None:
        actions.report(link, "other")

        assert (actions.dismiss_reports(STAFF, link), actions.dismiss_reports(STAFF, link)) == (1, 0)

        assert Client().get(link.get_absolute_url()).status_code == 200

    def test_staff_actions_are_refused_to_members(self, link: ShareLink, maria: User, workspace: Workspace) -> None:
        for act in (
            lambda: actions.close_link(Actor(maria), link, "x"),
            lambda: actions.reopen_link(Actor(maria), link),
            lambda: actions.freeze_links(Actor(maria), workspace, "x"),
            lambda: actions.unfreeze_links(Actor(maria), workspace),
            lambda: actions.dismiss_reports(Actor(maria), link),
        ):
            with pytest.raises(PermissionDenied):
                act()


class TestFreezing:
    def test_frozen_workspace_cannot_open_create_or_restore_links(
        self, link: ShareLink, video: Video, workspace: Workspace, as_maria: Client, maria: User
    ) -> None:
        revoked = ShareLink.objects.create(video=video, revoked_at=timezone.now(), revoked_by=maria)

        assert actions.freeze_links(STAFF, workspace, "Too many reports.") == 1

        assert Client().get(link.get_absolute_url()).status_code == 410
        for url, given in (
            (reverse("share_link_create", args=["acme", video.pk]), {}),
            (reverse("share_personal", args=["acme", video.pk]), {"recipients": "Ada"}),
            (reverse("share_link_restore", args=["acme", revoked.pk]), {}),
        ):
            as_maria.post(url, given)
        assert ShareLink.objects.count() == 2
        revoked.refresh_from_db()
        assert revoked.is_revoked
        assert "Reason: Too many reports." in as_maria.get(SHARED).text
        assert Notice.objects.get(kind=Kind.LINKS_FROZEN).recipient == maria

    def test_unfreezing_keeps_individually_closed_links_closed(
        self, link: ShareLink, video: Video, workspace: Workspace, as_maria: Client
    ) -> None:
        other = ShareLink.objects.create(video=video)
        actions.close_link(STAFF, other, "This one")
        actions.freeze_links(STAFF, workspace, "All")
        actions.freeze_links(STAFF, workspace, "All again")

        assert not actions.reopen_link(STAFF, link), "while all are frozen"
        assert actions.unfreeze_links(STAFF, workspace) == 1

        assert Client().get(link.get_absolute_url()).status_code == 200
        assert Client().get(other.get_absolute_url()).status_code == 410
        assert not LinkFreeze.objects.exists()
        assert "data-frozen" not in as_maria.get(SHARED).text

    def test_another_workspaces_links_stay_on(self, link: ShareLink, zoe: User) -> None:
        actions.freeze_links(STAFF, Workspace.objects.get(slug="rival"), "Theirs")

        assert Client().get(link.get_absolute_url()).status_code == 200


class TestBackOffice:
    @pytest.fixture
    def as_operator(self, link: ShareLink) -> Client:
        client = Client()
        client.force_login(User.objects.create_superuser("root@example.com"))
        return client

    @pytest.fixture
    def page(self, link: ShareLink) -> str:
        return reverse("backoffice_link", args=[link.pk])

    def test_staff_can_read_reports_and_close_a_link_with_a_reason(
        self, link: ShareLink, page: str, as_operator: Client
    ) -> None:
        actions.report(link, "harmful", details="<b>bold</b>", email="ada@example.com")
        shown = as_operator.get(page).text
        assert "&lt;b&gt;bold&lt;/b&gt;" in shown
        assert link.token not in shown
        assert page in as_operator.get(reverse("admin:sharing_report_changelist")).text

        assert as_operator.post(page, {"act": "close"}).status_code == 422
        as_operator.post(page, {"act": "close", "reason": "Harmful."})

        link.refresh_from_db()
        assert (link.closed_at is not None, link.closed_reason) == (True, "Harmful.")
        event = AuditEvent.objects.get(action="share_closed")
        assert (event.actor, event.chain.workspace) == ("root@example.com", link.video.workspace)

    @pytest.mark.parametrize("act", ["freeze", "unfreeze", "reopen", "dismiss"])
    def test_every_action_is_idempotent(self, act: str, page: str, as_operator: Client) -> None:
        answers = [as_operator.post(page, {"act": act, "reason": "Why"}).status_code for _ in range(2)]

        assert answers == [302, 302]

    def test_staff_without_the_permission_are_refused(self, page: str) -> None:
        client = Client()
        client.force_login(User.objects.create_user("clerk@example.com", is_staff=True))

        assert client.get(page).status_code == 403
        assert client.post(page, {"act": "close", "reason": "x"}).status_code == 403
