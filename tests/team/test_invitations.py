"""Inviting: by mail and by link, again, not any more; and who may take it up."""

import smtplib
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.team.views import accept_invitation
from tavusweb.workspaces.models import Invitation, Workspace, token_hash
from tavusweb.workspaces.permissions import Role

FORM = {"email": "nora@example.com", "role": "reviewer"}
INVITE = "/w/acme/members/invite/"
MEMBERS = "/w/acme/members/"


def path_of(link: str) -> str:
    return urlsplit(link).path


@pytest.fixture(autouse=True)
def acme(workspace: Workspace) -> None:
    """Maria's workspace is there in every test."""


@pytest.fixture
def invited(workspace: Workspace, maria: User) -> tuple[Invitation, str]:
    invitation, token = Invitation.issue(workspace, email="nora@example.com", role=Role.VIEWER, by=maria)
    return invitation, reverse("invitation", args=[token])


class TestSending:
    def test_invitation_is_emailed_and_its_link_shown_once(
        self, as_maria: Client, workspace: Workspace, mailoutbox: list[EmailMessage]
    ) -> None:
        posted = as_maria.post(INVITE, FORM)
        at_rest = "".join(str(session.get_decoded()) for session in Session.objects.all())
        shown = as_maria.get(MEMBERS)
        again = as_maria.get(MEMBERS).content.decode()

        link = shown.context["link"].url
        token = path_of(link).rstrip("/").rpartition("/")[2]
        assert posted["Location"] == MEMBERS
        assert f'value="{link}"' in shown.content.decode()
        assert token not in again + at_rest
        assert Invitation.objects.get().token_hash == token_hash(token)
        assert [mail.to for mail in mailoutbox] == [["nora@example.com"]]
        assert f"{link.rstrip('/')}." in mailoutbox[0].body
        assert "Invitation sent to nora@example.com." in shown.content.decode()

    def test_reload_does_not_invite_again(self, as_maria: Client) -> None:
        landed = as_maria.post(INVITE, FORM, follow=True)

        as_maria.get(landed.request["PATH_INFO"])

        assert Invitation.objects.count() == 1

    @pytest.mark.parametrize(("asked", "days"), [({}, 7), ({"lasts_days": "1"}, 1), ({"lasts_days": "30"}, 30)])
    def test_inviter_chooses_the_expiry(self, asked: dict[str, str], days: int, as_maria: Client) -> None:
        page = as_maria.post(INVITE, FORM | asked, follow=True).content.decode()

        invitation = Invitation.objects.get()
        assert invitation.expires_at - invitation.created_at == pytest.approx(
            timedelta(days=days), abs=timedelta(minutes=1)
        )
        assert f"expires on {invitation.expires_at:%-d %B %Y}" in page

    @pytest.mark.parametrize("odd", ["0", "365", "-1", "week"])
    def test_other_expiries_are_refused(self, odd: str, as_maria: Client) -> None:
        response = as_maria.post(INVITE, FORM | {"lasts_days": odd})

        assert response.status_code == 422
        assert not Invitation.objects.exists()

    def test_overlong_address_is_refused_beside_its_field(self, as_maria: Client) -> None:
        response = as_maria.post(INVITE, FORM | {"email": "a" * 250 + "@example.com"})

        assert response.status_code == 422
        assert "at most 254 characters" in response.content.decode()

    def test_second_invitation_to_an_address_is_refused(
        self, as_maria: Client, invited: tuple[Invitation, str]
    ) -> None:
        response = as_maria.post(INVITE, FORM | {"email": "Nora@Example.com"})

        assert response.status_code == 422
        assert "already an open invitation" in response.content.decode()

    def test_failed_email_is_reported_and_the_link_works(
        self, as_maria: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: Any, **kwargs: Any) -> None:
            raise smtplib.SMTPRecipientsRefused({})

        monkeypatch.setattr("tavusweb.team.mail.send_mail", refuse)

        page = as_maria.post(INVITE, FORM, follow=True)

        assert "The email to nora@example.com could not be sent. The link works" in page.content.decode()
        assert Client().get(path_of(page.context["link"].url)).status_code == 200

    def test_server_without_mail_says_so_and_prints_no_link(
        self, as_maria: Client, settings: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

        before = as_maria.get(MEMBERS).content.decode()
        page = as_maria.post(INVITE, FORM, follow=True)

        assert "We’ll email a single-use link" not in before
        assert "You get a single-use link to share yourself." in before
        assert "This server can’t send email. Share the link yourself." in page.content.decode()
        assert "/invitations/" not in capsys.readouterr().out

    def test_workspace_name_with_a_line_break_does_not_break_the_header(
        self, as_maria: Client, workspace: Workspace, mailoutbox: list[EmailMessage]
    ) -> None:
        Workspace.objects.filter(pk=workspace.pk).update(name="Acme\r\nBcc: zoe@example.com")

        as_maria.post(INVITE, FORM)

        assert "\n" not in mailoutbox[0].subject
        assert mailoutbox[0].recipients() == ["nora@example.com"]


class TestAgain:
    def test_resending_replaces_the_link(
        self, as_maria: Client, invited: tuple[Invitation, str], mailoutbox: list[EmailMessage]
    ) -> None:
        invitation, old = invited

        page = as_maria.post(reverse("renew_invitation", args=["acme", invitation.pk]), follow=True)

        new = path_of(page.context["link"].url)
        assert Client().get(old).status_code == 404
        assert Client().get(new).status_code == 200
        assert f"{new.rstrip('/')}." in mailoutbox[0].body

    def test_resending_restarts_the_term(self, as_maria: Client, invited: tuple[Invitation, str]) -> None:
        Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1), lasts_days=14)

        listed = as_maria.get(MEMBERS).content.decode()
        as_maria.post(reverse("renew_invitation", args=["acme", invited[0].pk]))

        assert "Expired" in listed
        assert Invitation.objects.get().expires_at > timezone.now() + timedelta(days=13)

    @pytest.mark.parametrize("ended", ["accepted_at", "revoked_at"])
    def test_used_or_revoked_invitation_cannot_be_resent(
        self, ended: str, as_maria: Client, invited: tuple[Invitation, str], mailoutbox: list[EmailMessage]
    ) -> None:
        Invitation.objects.update(**{ended: timezone.now()})

        as_maria.post(reverse("renew_invitation", args=["acme", invited[0].pk]))

        assert not mailoutbox
        assert not Invitation.objects.open(timezone.now()).exists()

    def test_admin_cannot_resend_an_owners_invitation(
        self, client: Client, workspace: Workspace, maria: User, erik: User
    ) -> None:
        workspace.memberships.filter(user=erik).update(role=Role.ADMIN)
        invitation, _ = Invitation.issue(workspace, email="nora@example.com", role=Role.OWNER, by=maria)
        client.force_login(erik)

        assert client.post(reverse("renew_invitation", args=["acme", invitation.pk])).status_code == 403


class TestAccepting:
    def test_wrong_account_is_asked_to_switch(
        self, client: Client, zoe: User, workspace: Workspace, invited: tuple[Invitation, str]
    ) -> None:
        client.force_login(zoe)

        page = client.get(invited[1]).content.decode()
        refused = client.post(invited[1])
        switched = client.post(reverse("account_logout"), {"next": invited[1]})

        assert "You are signed in as zoe@example.com, but this invitation is for nora@example.com." in page
        assert "Switch accounts" in page
        assert refused.status_code == 403
        assert switched["Location"] == invited[1]
        assert not workspace.memberships.filter(user=zoe).exists()
        assert "Your name" in client.get(invited[1]).content.decode()

    def test_second_verified_address_counts(
        self, client: Client, zoe: User, workspace: Workspace, invited: tuple[Invitation, str]
    ) -> None:
        zoe.emailaddress_set.create(email="Nora@example.com", verified=True)  # type: ignore[attr-defined]
        client.force_login(zoe)

        client.post(invited[1])

        assert workspace.memberships.get(user=zoe).role == Role.VIEWER

    def test_accepting_does_not_lower_a_role(
        self, client: Client, erik: User, workspace: Workspace, maria: User
    ) -> None:
        _, token = Invitation.issue(workspace, email=erik.email, role=Role.VIEWER, by=maria)
        client.force_login(erik)

        client.post(reverse("invitation", args=[token]))

        assert workspace.memberships.get(user=erik).role == Role.EDITOR

    def test_attempts_are_limited_and_do_not_use_up_the_invitation(
        self, client: Client, invited: tuple[Invitation, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(accept_invitation, "may_go_on", lambda *args, **kwargs: False)

        response = client.post(invited[1], {"name": "Nora", "password": "nora-pass-123"})

        assert response.status_code == 429
        assert Invitation.objects.open(timezone.now()).exists()
