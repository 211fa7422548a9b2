from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from tavusweb.accounts.models import User
from tavusweb.workspaces.models import Invitation, Workspace
from tavusweb.workspaces.permissions import Role

PAGES = ["workspace", "members", "workspace_settings"]


@pytest.fixture
def invited(workspace: Workspace, maria: User) -> tuple[Invitation, str]:
    """Nora, who has no account, is invited as a viewer: the invitation and its path."""
    invitation, token = Invitation.issue(workspace, email="nora@example.com", role=Role.VIEWER, by=maria)
    return invitation, reverse("invitation", args=[token])


def sign_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


class TestDoors:
    @pytest.mark.parametrize("name", PAGES)
    def test_foreign_workspace_looks_like_none(
        self, name: str, client: Client, workspace: Workspace, zoe: User
    ) -> None:
        sign_in(client, zoe)

        foreign, none = (client.get(reverse(name, args=[slug])).content for slug in ("acme", "no-such"))

        assert foreign == none

    @pytest.mark.parametrize("name", ["workspaces", "workspace_new", "home"])
    def test_signed_out_person_is_sent_to_sign_in_and_back(self, name: str, client: Client, db: None) -> None:
        url = reverse(name)

        response = client.get(url)

        assert response.status_code == 302
        assert response["Location"] == f"{reverse('account_login')}?next={url}"

    def test_stranger_cannot_change_anything(
        self, client: Client, workspace: Workspace, zoe: User, invited: tuple[Invitation, str]
    ) -> None:
        sign_in(client, zoe)
        attempts = [
            (reverse("invite", args=["acme"]), {"email": "zoe@example.com", "role": "owner"}),
            (reverse("revoke_invitation", args=["acme", invited[0].pk]), {}),
            (reverse("revoke_invitation", args=["rival", invited[0].pk]), {}),
            (reverse("workspace_settings", args=["acme"]), {"name": "Mine"}),
        ]

        answers = [client.post(url, form).status_code for url, form in attempts]

        assert answers == [404, 404, 404, 404]
        assert Invitation.objects.open(timezone.now()).count() == 1
        assert Workspace.objects.filter(name="Acme").exists()

    def test_editor_sees_members_and_settings_read_only(
        self, client: Client, erik: User, invited: tuple[Invitation, str]
    ) -> None:
        sign_in(client, erik)

        members = client.get(reverse("members", args=["acme"])).content.decode()
        settings_page = client.get(reverse("workspace_settings", args=["acme"])).content.decode()

        assert "maria@example.com" in members
        assert "nora@example.com" not in members
        assert "Invite people" not in members
        assert "<input" not in settings_page.partition("<main")[2]

    def test_form_without_a_csrf_token_gets_an_explanation(self, maria: User) -> None:
        client = sign_in(Client(enforce_csrf_checks=True), maria)

        response = client.post(reverse("workspace_new"), {"name": "X"})

        assert response.status_code == 403
        assert b"This form has expired" in response.content


class TestWorkspaces:
    def test_list_shows_own_workspaces_with_the_role(
        self, client: Client, erik: User, zoe: User, workspace: Workspace
    ) -> None:
        page = sign_in(client, erik).get(reverse("workspaces")).content.decode()

        assert reverse("workspace", args=["acme"]) in page
        assert "Editor" in page
        assert "Rival" not in page

    def test_person_without_a_workspace_gets_instructions(self, client: Client, db: None) -> None:
        nora = User.objects.create_user("nora@example.com", "nora-pass-12")

        page = sign_in(client, nora).get(reverse("workspaces")).content.decode()

        assert "No workspaces yet" in page
        assert reverse("workspace_new") in page

    def test_workspaces_per_day_are_limited(self, client: Client, erik: User) -> None:
        client.force_login(erik)
        cache.clear()

        codes = [client.post(reverse("workspace_new"), {"name": f"W{n}"}).status_code for n in range(21)]
        cache.clear()

        assert codes == [302] * 20 + [422]

    def test_new_workspace_belongs_to_its_creator(self, client: Client, erik: User) -> None:
        response = sign_in(client, erik).post(reverse("workspace_new"), {"name": "Side project"}, follow=True)

        assert response.status_code == 200
        assert erik.memberships.get(workspace__slug="side-project").role == Role.OWNER

    def test_name_is_required_and_escaped(self, as_maria: Client) -> None:
        refused = as_maria.post(reverse("workspace_new"), {"name": " "})
        as_maria.post(reverse("workspace_new"), {"name": "<b>Tom & Söhne</b>"})

        assert refused.status_code == 422
        assert "&lt;b&gt;Tom &amp; Söhne&lt;/b&gt;" in as_maria.get(reverse("workspaces")).content.decode()

    def test_last_entered_workspace_is_the_start_page(self, client: Client, erik: User, workspace: Workspace) -> None:
        Workspace.objects.create_with_owner("Beta", erik)
        sign_in(client, erik)

        before = client.get(reverse("home"))["Location"]
        client.get(reverse("workspace", args=["acme"]))
        after = client.get(reverse("home"))["Location"]

        assert (before, after) == (reverse("workspaces"), workspace.get_absolute_url())

    def test_renaming_shows_immediately(self, as_maria: Client, workspace: Workspace) -> None:
        url = reverse("workspace_settings", args=["acme"])

        refused = as_maria.post(url, {"name": "y" * 81})
        renamed = as_maria.post(url, {"name": "Acme Films"}, follow=True)

        assert refused.status_code == 422
        assert b"y" * 81 + b" " not in refused.content.partition(b"<title>")[2].partition(b"</title>")[0]
        assert b"Acme Films" in renamed.content


class TestMembers:
    def test_members_are_sorted_by_displayed_name(self, as_maria: Client, workspace: Workspace, erik: User) -> None:
        for email, name in (("bo@example.com", ""), ("z@example.com", "anna"), ("y@example.com", "Ove")):
            user = User.objects.create_user(email, name=name)
            workspace.memberships.create(user=user, role=Role.VIEWER)

        page = as_maria.get(reverse("members", args=["acme"])).content.decode()

        order = [page.index(f"<strong>{name}</strong>") for name in ("anna", "bo@example.com", "Erik", "Maria", "Ove")]
        assert order == sorted(order)

    def test_last_owner_gets_a_warning_before_leaving(self, as_maria: Client, workspace: Workspace, zoe: User) -> None:
        leave = reverse("leave", args=["acme"])
        assert "Leave workspace" not in as_maria.get(leave).content.decode()

        workspace.memberships.create(user=zoe, role=Role.OWNER)

        assert "Leave workspace" in as_maria.get(leave).content.decode()


class TestInviting:
    @pytest.mark.parametrize(
        ("form", "message"),
        [
            ({"email": "nora", "role": "editor"}, "Enter a valid email address."),
            ({"email": "ERIK@example.com", "role": "editor"}, "This person is already a member."),
            ({"email": "nora@example.com", "role": "king"}, "Select a valid choice."),
        ],
    )
    def test_invalid_field_shows_its_error_and_keeps_the_input(
        self, form: dict[str, str], message: str, as_maria: Client, erik: User
    ) -> None:
        response = as_maria.post(reverse("invite", args=["acme"]), form)

        assert response.status_code == 422
        assert message in response.content.decode()
        assert f'value="{form["email"]}"' in response.content.decode()
        assert not Invitation.objects.exists()

    def test_admin_cannot_create_owners(self, client: Client, erik: User, workspace: Workspace) -> None:
        workspace.memberships.filter(user=erik).update(role=Role.ADMIN)

        response = sign_in(client, erik).post(
            reverse("invite", args=["acme"]), {"email": "nora@example.com", "role": "owner"}
        )

        assert response.status_code == 422
        assert not Invitation.objects.exists()

    def test_revoked_invitation_leaves_the_list_and_its_link_dies(
        self, as_maria: Client, client: Client, invited: tuple[Invitation, str]
    ) -> None:
        invitation, path = invited

        page = as_maria.post(reverse("revoke_invitation", args=["acme", invitation.pk]), follow=True).content.decode()

        assert "Invitation for nora@example.com revoked." in escape(page)
        assert "Invitations</h2>" not in page
        assert Client().get(path).status_code == 404

    def test_revoking_twice_is_answered(self, as_maria: Client, invited: tuple[Invitation, str]) -> None:
        revoke = reverse("revoke_invitation", args=["acme", invited[0].pk])
        as_maria.post(revoke, follow=True)

        page = as_maria.post(revoke, follow=True).content.decode()

        assert "This changed in the meantime." in page

    def test_query_count_does_not_depend_on_the_members(
        self, as_maria: Client, workspace: Workspace, maria: User, django_assert_num_queries: Any
    ) -> None:
        for number in range(10):
            user = User.objects.create_user(f"m{number}@example.com", name=f"M{number}")
            workspace.memberships.create(user=user, role=Role.VIEWER)
            Invitation.issue(workspace, email=f"i{number}@example.com", role=Role.VIEWER, by=maria)

        # Session, user, membership, memberships, invitations, domains, workspaces in the sidebar, unread.
        with django_assert_num_queries(7):
            as_maria.get(reverse("members", args=["acme"]))


class TestJoining:
    def test_weak_password_is_refused_beside_the_field(self, client: Client, invited: tuple[Invitation, str]) -> None:
        response = client.post(invited[1], {"name": "Nora", "password": "nora"})

        assert response.status_code == 422
        assert "too short" in response.content.decode()
        assert 'value="Nora"' in response.content.decode()
        assert not User.objects.filter(email="nora@example.com").exists()

    def test_account_holder_signs_in_and_returns(self, client: Client, invited: tuple[Invitation, str]) -> None:
        User.objects.create_user("Nora@example.com", "nora-pass-123")

        page = client.get(invited[1]).content.decode()
        posted = client.post(invited[1], {"name": "Nora", "password": "another-pass-1"})

        assert f"{reverse('account_login')}?next={invited[1]}" in page
        assert "<form" not in page
        assert posted.status_code == 200
        assert Invitation.objects.open(timezone.now()).exists()

    @pytest.mark.parametrize("ended", ["accepted_at", "revoked_at", "expires_at"])
    def test_ended_invitation_says_so(self, ended: str, client: Client, invited: tuple[Invitation, str]) -> None:
        Invitation.objects.update(**{ended: timezone.now() - timedelta(seconds=1)})

        for response in (client.get(invited[1]), client.post(invited[1], {"name": "N", "password": "nora-pass-123"})):
            assert response.status_code == 404
            assert b"This invitation is no longer valid" in response.content
        assert not User.objects.filter(email="nora@example.com").exists()

    def test_used_link_leads_members_in(
        self, client: Client, workspace: Workspace, invited: tuple[Invitation, str]
    ) -> None:
        client.post(invited[1], {"name": "Nora", "password": "nora-pass-123"})

        answers = [client.get(invited[1]), client.post(invited[1])]

        assert [answer["Location"] for answer in answers] == [workspace.get_absolute_url()] * 2

    def test_invitation_page_is_not_cached_and_sends_no_referrer(
        self, client: Client, invited: tuple[Invitation, str]
    ) -> None:
        response = client.get(invited[1])

        assert response["Cache-Control"] == "private, no-store"
        # Not "no-referrer": a browser would then send "Origin: null" with the form, which the CSRF check refuses.
        assert response["Referrer-Policy"] == "same-origin"
