"""Who has an address at a workspace's domain joins it by themselves, as viewer, and nobody else does."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditEvent
from tavusweb.workspaces.models import Invitation, Workspace
from tavusweb.workspaces.permissions import Role
from tests.accounts.conftest import code_in, fresh_limits, let_time_pass  # noqa: F401
from tests.simultaneous import simultaneously

ADD = "/w/acme/members/domains/"
JOIN = "/w/acme/join/"
VIDEOS = "/w/acme/videos/"
SIGN_UP = {"name": "Nora", "email": "Nora@Example.com", "password1": "nora-pass-123"}


@pytest.fixture
def open_room(workspace: Workspace, maria: User, settings: Any) -> Workspace:
    """Acme, open to example.com, on a server that sends mail."""
    settings.EMAIL_CONFIG = "smtp://mail.example.com"
    EmailAddress.objects.create(user=maria, email=maria.email, verified=True, primary=True)
    workspace.join_domains.create(domain="example.com", added_by=maria)
    return workspace


@pytest.fixture
def nora(db: None) -> User:
    return person("nora@example.com")


@pytest.fixture
def as_nora(nora: User) -> Client:
    client = Client()
    client.force_login(nora)
    return client


def person(email: str, *, is_verified: bool = True) -> User:
    user = User.objects.create_user(email, "nora-pass-123", name="Nora")
    EmailAddress.objects.create(user=user, email=email, verified=is_verified, primary=True)
    return user


class TestSigningUp:
    def test_newcomer_signs_up_and_returns_to_the_requested_page(
        self, open_room: Workspace, client: Client, mailoutbox: list[EmailMessage]
    ) -> None:
        sign_in = client.get(VIDEOS, follow=True)
        assert reverse("account_signup") in sign_in.content.decode()
        client.post(reverse("account_signup"), SIGN_UP | {"next": VIDEOS})
        entered = client.post(reverse("account_email_verification_sent"), {"code": code_in(mailoutbox[0])})
        question = client.get(entered["Location"], follow=True)
        joined = client.post(JOIN, {"next": question.context["next"]}, follow=True)

        assert mailoutbox[0].to == ["nora@example.com"]
        assert "Join Acme?" in question.content.decode()
        assert joined.request["PATH_INFO"] == VIDEOS
        assert "Welcome to Acme." in joined.content.decode()
        membership = open_room.memberships.get(user__email="nora@example.com")
        assert (membership.role, membership.user.name) == (Role.VIEWER, "Nora")

    def test_newcomer_is_not_signed_in_before_the_code(self, open_room: Workspace, client: Client) -> None:
        client.post(reverse("account_signup"), SIGN_UP)

        assert client.get(VIDEOS)["Location"].startswith(reverse("account_login"))
        assert client.post(JOIN)["Location"].startswith(reverse("account_login"))
        assert open_room.memberships.count() == 1

    def test_other_domain_gets_instructions_and_the_input_is_kept(
        self, open_room: Workspace, client: Client, mailoutbox: list[EmailMessage]
    ) -> None:
        page = client.post(reverse("account_signup"), SIGN_UP | {"email": "nora@mail.example.com"}).content.decode()

        assert "People at mail.example.com need an invitation." in page
        assert 'value="nora@mail.example.com"' in page
        assert 'value="Nora"' in page
        assert not mailoutbox
        assert not User.objects.filter(name="Nora").exists()

    @pytest.mark.parametrize("lacking", ["mail", "domain"])
    def test_sign_up_is_closed_without_mail_or_domain(
        self, lacking: str, open_room: Workspace, client: Client, settings: Any
    ) -> None:
        if lacking == "mail":
            settings.EMAIL_CONFIG = ""
        else:
            open_room.join_domains.all().delete()

        shown, sent = client.get(reverse("account_signup")), client.post(reverse("account_signup"), SIGN_UP)

        for answer in (shown, sent):
            assert "You need an invitation" in answer.content.decode()
        assert reverse("account_signup") not in client.get(reverse("account_login")).content.decode()
        assert not User.objects.filter(name="Nora").exists()

    def test_existing_account_is_notified_only_by_email(
        self, open_room: Workspace, nora: User, mailoutbox: list[EmailMessage]
    ) -> None:
        answers = [
            Client().post(reverse("account_signup"), SIGN_UP | {"email": email})
            for email in (nora.email, "new@example.com")
        ]

        known, new = (answer.headers.get("Location") for answer in answers)
        assert known == new
        assert [answer.status_code for answer in answers] == [302, 302]
        assert "there is already one" in mailoutbox[0].body
        assert nora.check_password("nora-pass-123")
        assert User.objects.filter(email=nora.email).count() == 1


class TestJoining:
    def test_list_offers_the_workspace_and_the_button_joins(
        self, open_room: Workspace, as_nora: Client, nora: User
    ) -> None:
        listed = as_nora.get("/workspaces/").content.decode()

        joined = as_nora.post(JOIN, follow=True)

        assert "Open to you" in listed
        assert f'action="{JOIN}"' in listed
        assert joined.request["PATH_INFO"] == VIDEOS
        assert open_room.memberships.get(user=nora).role == Role.VIEWER
        event = AuditEvent.objects.filter(action=AuditAction.MEMBER_JOINED).get()
        assert (event.chain.workspace, event.actor) == (open_room, nora.email)
        assert event.after == {"role": "viewer", "with_an_address_at": ["example.com"]}
        assert "Open to you" not in as_nora.get("/workspaces/").content.decode()

    @pytest.mark.parametrize("method", ["get", "head", "options"])
    def test_opening_the_page_does_not_join(self, method: str, open_room: Workspace, as_nora: Client) -> None:
        getattr(as_nora, method)(JOIN)

        assert open_room.memberships.count() == 1

    def test_joining_twice_joins_once(self, open_room: Workspace, as_nora: Client) -> None:
        answers = [as_nora.post(JOIN) for _ in range(2)]

        assert [answer["Location"] for answer in answers] == [VIDEOS, VIDEOS]
        assert open_room.memberships.count() == 2
        assert AuditEvent.objects.filter(action=AuditAction.MEMBER_JOINED).count() == 1

    @pytest.mark.parametrize(
        ("email", "is_verified"),
        [
            ("nora@example.com", False),
            ("nora@example.org", True),
            ("nora@team.example.com", True),
            ("nora@badexample.com", True),
            ("example.com@evil.example", True),
        ],
    )
    def test_join_page_is_404_for_everyone_else(
        self, email: str, is_verified: bool, open_room: Workspace, client: Client
    ) -> None:
        client.force_login(person(email, is_verified=is_verified))

        answers = [client.get(VIDEOS), client.get(JOIN), client.post(JOIN)]

        assert [answer.status_code for answer in answers] == [404, 404, 404]
        assert "Open to you" not in client.get("/workspaces/").content.decode()
        assert open_room.memberships.count() == 1

    def test_return_address_stays_on_this_site(self, open_room: Workspace, as_nora: Client) -> None:
        page = as_nora.get(f"{JOIN}?next=https://evil.example/").content.decode()

        joined = as_nora.post(JOIN, {"next": "//evil.example/"})

        assert "evil" not in page
        assert joined["Location"] == VIDEOS

    def test_fragment_sends_its_page_to_the_join_page(self, open_room: Workspace, as_nora: Client) -> None:
        answer = as_nora.get(reverse("videos_refresh", args=["acme"]), headers={"hx-request": "true"})

        assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")

    def test_removed_member_returns_only_by_invitation(
        self, open_room: Workspace, as_maria: Client, as_nora: Client, nora: User, maria: User
    ) -> None:
        as_nora.post(JOIN)
        membership = open_room.memberships.get(user=nora)
        as_maria.post(reverse("member_remove", args=["acme", membership.pk]))

        refused = as_nora.post(JOIN), as_nora.get(VIDEOS)
        _, token = Invitation.issue(open_room, email=nora.email, role=Role.EDITOR, by=maria)
        invited = as_nora.post(reverse("invitation", args=[token]))

        assert [answer.status_code for answer in refused] == [404, 404]
        assert invited["Location"] == VIDEOS
        as_nora.post(reverse("leave", args=["acme"]))
        assert as_nora.post(JOIN)["Location"] == VIDEOS, "who left by themselves, and is not kept out any more"

    def test_member_removed_in_the_admin_stays_out_too(self, open_room: Workspace, as_nora: Client, nora: User) -> None:
        as_nora.post(JOIN)
        operator = Client()
        operator.force_login(User.objects.create_superuser("root@example.org"))
        membership = open_room.memberships.get(user=nora)

        operator.post(reverse("admin:workspaces_membership_delete", args=[membership.pk]), {"post": "yes"})

        assert not open_room.memberships.filter(user=nora).exists()
        assert as_nora.post(JOIN).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_clicks_join_once(open_room: Workspace, nora: User) -> None:
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(nora)

    responses = simultaneously(*[lambda browser=browser: browser.post(JOIN) for browser in browsers])

    assert [response.status_code for response in responses] == [302, 302]
    assert open_room.memberships.filter(user=nora).count() == 1
    assert AuditEvent.objects.filter(action=AuditAction.MEMBER_JOINED).count() == 1


class TestOpening:
    @pytest.mark.parametrize("typed", ["Team.Example", "@team.example", "maria@team.example", " team.example. "])
    def test_domain_is_stored_as_in_dns(self, typed: str, open_room: Workspace, as_maria: Client, maria: User) -> None:
        EmailAddress.objects.create(user=maria, email="maria@team.example", verified=True)

        page = as_maria.post(ADD, {"domain": typed}, follow=True).content.decode()

        assert "Domain access for team.example added." in page
        assert sorted(open_room.join_domains.values_list("domain", flat=True)) == ["example.com", "team.example"]
        event = AuditEvent.objects.filter(action=AuditAction.SETTINGS_CHANGED).get()
        assert event.after == {"people_may_join_at": "team.example"}

    def test_international_name_is_the_same_domain(
        self, open_room: Workspace, as_maria: Client, maria: User, client: Client
    ) -> None:
        EmailAddress.objects.create(user=maria, email="maria@bücher.example", verified=True)

        as_maria.post(ADD, {"domain": "Bücher.example"})

        other = Client()
        other.force_login(person("nora@xn--bcher-kva.example"))
        assert other.get(JOIN).status_code == 200

    @pytest.mark.parametrize(
        ("domain", "sentence"),
        [
            ("", "This field is required."),
            ("example", "Enter a domain, the part of an address after the @."),
            ("exa mple.com", "Enter a domain, the part of an address after the @."),
            ("192.0.2.1", "Enter a domain, the part of an address after the @."),
            ("<b>.com", "Enter a domain, the part of an address after the @."),
            ("gmail.com", "Anyone can get an address at gmail.com."),
            ("EXAMPLE.com", "example.com already has access."),
            ("rival.example", "Only someone with a verified address at rival.example can add it."),
        ],
    )
    def test_invalid_domain_gets_an_error_and_keeps_the_input(
        self, domain: str, sentence: str, open_room: Workspace, as_maria: Client
    ) -> None:
        response = as_maria.post(ADD, {"domain": domain})

        page = response.content.decode()
        assert response.status_code == 422
        assert sentence in page
        assert open_room.join_domains.count() == 1

    def test_removing_a_domain_keeps_its_members(
        self, open_room: Workspace, as_maria: Client, as_nora: Client, nora: User
    ) -> None:
        as_nora.post(JOIN)

        as_maria.post(reverse("join_domain_remove", args=["acme", open_room.join_domains.get().pk]))

        assert open_room.memberships.filter(user=nora).exists()
        late = Client()
        late.force_login(person("late@example.com"))
        assert late.get(JOIN).status_code == 404
        event = AuditEvent.objects.filter(action=AuditAction.SETTINGS_CHANGED).get()
        assert (event.before, event.after) == ({"people_may_join_at": "example.com"}, {})

    def test_domain_changes_require_a_recent_sign_in(self, open_room: Workspace, as_maria: Client, maria: User) -> None:
        EmailAddress.objects.create(user=maria, email="maria@team.example", verified=True)
        let_time_pass(as_maria)

        response = as_maria.post(ADD, {"domain": "team.example"})

        assert response["Location"].startswith(reverse("account_reauthenticate"))
        assert open_room.join_domains.count() == 1

    def test_server_without_mail_explains_that_nobody_can_join(self, as_maria: Client, workspace: Workspace) -> None:
        page = as_maria.get("/w/acme/members/").content.decode()

        assert "This server can’t send email, so nobody can verify an address or join this way." in page
