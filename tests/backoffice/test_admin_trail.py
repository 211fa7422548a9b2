"""What the admin does is done and written down together: all of it, or nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.workspaces.access import Role
from tavusweb.workspaces.audit import Deed
from tavusweb.workspaces.models import AuditEvent, LastOwner, Membership, Workspace

MEMBERSHIPS = reverse("admin:workspaces_membership_changelist")
USERS = reverse("admin:accounts_user_changelist")
ADDRESSES = reverse("admin:account_emailaddress_changelist")


@pytest.fixture
def as_operator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", "root-pass-12"))
    return client


@pytest.fixture
def otto(workspace: Workspace) -> User:
    """The other owner."""
    user = User.objects.create_user("otto@example.com", name="Otto")
    workspace.memberships.create(user=user, role=Role.OWNER)
    return user


def of(*users: User) -> list[int]:
    return list(Membership.objects.filter(user__in=users).values_list("pk", flat=True))


def delete(client: Client, listed: str, *pks: int) -> Any:
    chosen = {"action": "delete_selected", "_selected_action": pks, "post": "yes"}
    return client.post(listed, chosen, follow=True)


def written(deed: Deed, workspace: Workspace | None = None) -> list[tuple[str, str, Any]]:
    found = AuditEvent.objects.filter(deed=deed, chain__workspace=workspace).order_by("seq")
    return list(found.values_list("actor", "target", "before"))


class TestDeletingMemberships:
    def test_who_selects_every_owner_is_refused_and_nothing_is_written_down(
        self, as_operator: Client, maria: User, otto: User, erik: User, workspace: Workspace
    ) -> None:
        response = delete(as_operator, MEMBERSHIPS, *of(maria, otto, erik))

        assert "Cannot delete" in response.content.decode()
        assert workspace.memberships.count() == 3
        assert not written(Deed.ADMIN_DELETED, workspace)

    def test_one_of_two_owners_goes_with_an_event(
        self, as_operator: Client, maria: User, otto: User, workspace: Workspace
    ) -> None:
        delete(as_operator, MEMBERSHIPS, *of(otto))

        assert workspace.memberships.get().user == maria
        assert written(Deed.ADMIN_DELETED, workspace) == [("root@example.com", "Otto in Acme (owner)", {})]

    @pytest.mark.parametrize("how", ["one", "many"])
    def test_when_it_is_refused_at_the_last_moment_nothing_goes_and_nothing_is_written_down(
        self,
        how: str,
        as_operator: Client,
        otto: User,
        erik: User,
        workspace: Workspace,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        remove = Membership.remove

        def remove_late(membership: Membership) -> bool:
            if membership.user == otto:
                raise LastOwner
            return remove(membership)

        monkeypatch.setattr(Membership, "remove", remove_late)

        if how == "one":
            url = reverse("admin:workspaces_membership_delete", args=of(otto))
            response: Any = as_operator.post(url, {"post": "yes"}, follow=True)
        else:
            response = delete(as_operator, MEMBERSHIPS, *of(erik, otto))

        assert "Nothing was done. A workspace needs an owner." in response.content.decode()
        assert workspace.memberships.count() == 3
        assert not written(Deed.ADMIN_DELETED, workspace)

    def test_whose_role_changed_meanwhile_stays_and_nothing_is_written_down(
        self, as_operator: Client, erik: User, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Membership, "remove", lambda membership: False)

        response = delete(as_operator, MEMBERSHIPS, *of(erik))

        assert "Nothing was done. It was changed meanwhile." in response.content.decode()
        assert not written(Deed.ADMIN_DELETED, workspace)
