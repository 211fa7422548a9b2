"""An invitation is worth what the person who made it may do now, not what they once could."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditEvent
from tavusweb.rate_limits import Limit, may_go_on
from tavusweb.workspaces.models import Invitation, Workspace
from tavusweb.workspaces.permissions import Role
from tests.accounts.conftest import fresh_limits, let_time_pass  # noqa: F401

JOINING = {"name": "Nora", "password": "nora-pass-123"}


@pytest.fixture
def ada(workspace: Workspace) -> User:
    """An admin."""
    user = User.objects.create_user("ada@example.com", "ada-pass-1234", name="Ada")
    workspace.memberships.create(user=user, role=Role.ADMIN)
    return user


@pytest.fixture
def by(workspace: Workspace) -> Callable[..., str]:
    """`by(user, role)`: the path of an invitation that this person made."""

    def by(user: User, role: Role = Role.ADMIN) -> str:
        _, token = Invitation.issue(workspace, email="nora@example.com", role=role, by=user)
        return reverse("invitation", args=[token])

    return by


def is_dead(path: str) -> bool:
    answers = Client().get(path).status_code, Client().post(path, JOINING).status_code
    return answers == (404, 404) and not User.objects.filter(email="nora@example.com").exists()


@pytest.mark.parametrize("how", ["removed", "left", "demoted", "removed in the back-office", "deactivated", "deleted"])
def test_invitation_ends_when_its_sender_can_no_longer_invite(
    how: str, workspace: Workspace, ada: User, by: Callable[..., str], as_maria: Client
) -> None:
    path = by(ada)
    membership = workspace.memberships.get(user=ada)
    as_ada, operator = Client(), Client()
    as_ada.force_login(ada)
    operator.force_login(User.objects.create_superuser("root@example.org"))

    match how:
        case "removed":
            as_maria.post(reverse("member_remove", args=["acme", membership.pk]))
        case "left":
            as_ada.post(reverse("leave", args=["acme"]))
        case "demoted":
            as_maria.post(reverse("member_role", args=["acme", membership.pk]), {"role": "editor"})
        case "removed in the back-office":
            operator.post(reverse("admin:workspaces_membership_delete", args=[membership.pk]), {"post": "yes"})
        case "deactivated":
            User.objects.filter(pk=ada.pk).update(is_active=False)
        case "deleted":
            ada.delete()

    assert is_dead(path)


def test_demoted_owner_keeps_only_invitations_below_owner(
    workspace: Workspace, maria: User, ada: User, by: Callable[..., str], as_maria: Client
) -> None:
    owner_s, editor_s = by(maria, Role.OWNER), by(maria, Role.EDITOR)

    as_maria.post(reverse("hand_over", args=["acme", workspace.memberships.get(user=ada).pk]))

    assert is_dead(owner_s)
    assert Client().get(editor_s).status_code == 200


def test_withdrawn_invitation_leaves_the_list_and_is_recorded(
    workspace: Workspace, ada: User, by: Callable[..., str], as_maria: Client
) -> None:
    by(ada)

    as_maria.post(reverse("member_remove", args=["acme", workspace.memberships.get(user=ada).pk]))

    assert not Invitation.objects.outstanding().exists()
    events = list(
        AuditEvent.objects.filter(chain__workspace=workspace).order_by("seq").values_list("action", flat=True)
    )
    assert events[-2:] == [AuditAction.MEMBER_REMOVED, AuditAction.INVITATION_REVOKED]


def test_resent_invitation_belongs_to_the_resender(
    workspace: Workspace, ada: User, by: Callable[..., str], as_maria: Client
) -> None:
    by(ada)
    renewed = as_maria.post(reverse("renew_invitation", args=["acme", Invitation.objects.get().pk]), follow=True)

    as_maria.post(reverse("member_remove", args=["acme", workspace.memberships.get(user=ada).pk]))

    assert Client().get(renewed.context["link"].url).status_code == 200


def test_admin_cannot_revoke_an_owners_invitation(
    workspace: Workspace, maria: User, ada: User, by: Callable[..., str], client: Client
) -> None:
    path = by(maria, Role.OWNER)
    client.force_login(ada)

    answer = client.post(reverse("revoke_invitation", args=["acme", Invitation.objects.get().pk]))

    assert answer.status_code == 403
    assert Client().get(path).status_code == 200


@pytest.mark.parametrize("name", ["invite", "renew_invitation", "member_role", "member_remove"])
def test_membership_changes_require_a_recent_sign_in(
    name: str, workspace: Workspace, maria: User, ada: User, by: Callable[..., str], as_maria: Client
) -> None:
    by(maria)
    invitation, membership = Invitation.objects.get(), workspace.memberships.get(user=ada)
    args: dict[str, list[Any]] = {"invite": [], "renew_invitation": [invitation.pk]}
    let_time_pass(as_maria)

    answer = as_maria.post(
        reverse(name, args=["acme", *args.get(name, [membership.pk])]), {"email": "zoe@example.com", "role": "owner"}
    )

    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert workspace.memberships.get(user=ada).role == Role.ADMIN
    assert Invitation.objects.get().token_hash == invitation.token_hash


def test_limit_counts_across_workspaces(as_maria: Client, workspace: Workspace, maria: User) -> None:
    another = Workspace.objects.create_with_owner("Another", maria)
    for _ in range(29):
        may_go_on(Limit.INVITE, maria.pk)
    as_maria.post(reverse("invite", args=["acme"]), {"email": "last@example.com", "role": "viewer"})
    assert workspace.invitations.count() == 1

    answer = as_maria.post(reverse("invite", args=[another.slug]), {"email": "n@example.com", "role": "viewer"})

    assert answer.status_code == 422
    assert "You have sent many invitations in the last hour." in answer.content.decode()
