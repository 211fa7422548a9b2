"""What the admin does is done and written down together: all of it, or nothing."""

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django_q.models import Failure

from tavusweb.accounts.models import User
from tavusweb.audit import record as recording
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditChain, AuditEvent
from tavusweb.audit.verify import first_break
from tavusweb.workspaces.models import Invitation, LastOwner, Membership, Workspace
from tavusweb.workspaces.permissions import Role

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


def written(action: AuditAction, workspace: Workspace | None = None) -> list[tuple[str, str, Any]]:
    events = AuditEvent.objects.filter(action=action, chain__workspace=workspace).order_by("seq")
    return list(events.values_list("actor", "target", "before"))


class TestDeletingMemberships:
    def test_deleting_every_owner_is_refused_and_not_recorded(
        self, as_operator: Client, maria: User, otto: User, erik: User, workspace: Workspace
    ) -> None:
        response = delete(as_operator, MEMBERSHIPS, *of(maria, otto, erik))

        assert "Cannot delete" in response.content.decode()
        assert workspace.memberships.count() == 3
        assert not written(AuditAction.ADMIN_DELETED, workspace)

    def test_deleting_one_of_two_owners_is_recorded(
        self, as_operator: Client, maria: User, otto: User, workspace: Workspace
    ) -> None:
        delete(as_operator, MEMBERSHIPS, *of(otto))

        assert workspace.memberships.get().user == maria
        assert written(AuditAction.ADMIN_DELETED, workspace) == [("root@example.com", "Otto in Acme (owner)", {})]

    @pytest.mark.parametrize("how", ["one", "many"])
    def test_late_refusal_deletes_and_records_nothing(
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

        assert "Nothing was changed. A workspace needs an owner." in response.content.decode()
        assert workspace.memberships.count() == 3
        assert not written(AuditAction.ADMIN_DELETED, workspace)

    def test_member_whose_role_changed_stays_and_nothing_is_recorded(
        self, as_operator: Client, erik: User, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Membership, "remove", lambda membership: False)

        response = delete(as_operator, MEMBERSHIPS, *of(erik))

        assert "Nothing was changed." in response.content.decode()
        assert not written(AuditAction.ADMIN_DELETED, workspace)


class TestActsOnTeams:
    """The admin does what the team's own pages do, with the same events."""

    def test_removing_a_member_withdraws_their_invitations(
        self, as_operator: Client, otto: User, workspace: Workspace
    ) -> None:
        invitation, _ = Invitation.issue(workspace, email="new@example.com", role=Role.OWNER, by=otto)

        delete(as_operator, MEMBERSHIPS, *of(otto))

        invitation.refresh_from_db()
        assert invitation.revoked_at
        assert [target for _, target, _ in written(AuditAction.INVITATION_REVOKED, workspace)] == [str(invitation)]
        assert written(AuditAction.MEMBER_REMOVED, workspace) == [("root@example.com", "Otto", {"role": "owner"})]

    def test_changed_role_is_recorded_as_in_the_workspace(
        self, as_operator: Client, erik: User, workspace: Workspace
    ) -> None:
        url = reverse("admin:workspaces_membership_change", args=of(erik))

        as_operator.post(url, {"role": "viewer"})

        assert workspace.memberships.get(user=erik).role == Role.VIEWER
        assert written(AuditAction.ROLE_CHANGED, workspace) == [("root@example.com", "Erik", {"role": "editor"})]

    def test_added_member_is_recorded_as_in_the_workspace(
        self, as_operator: Client, zoe: User, workspace: Workspace
    ) -> None:
        row = {"user": zoe.pk, "workspace": workspace.pk, "role": "viewer"}

        as_operator.post(reverse("admin:workspaces_membership_add"), row)

        assert workspace.memberships.get(user=zoe).role == Role.VIEWER
        assert [target for _, target, _ in written(AuditAction.MEMBER_JOINED, workspace)] == ["Zoe"]

    @pytest.mark.parametrize(("permission", "is_revoked"), [("view_invitation", False), ("change_invitation", True)])
    def test_permitted_staff_can_revoke_invitations(
        self, permission: str, is_revoked: bool, client: Client, zoe: User, maria: User, workspace: Workspace
    ) -> None:
        invitation, _ = Invitation.issue(workspace, email="new@example.com", role=Role.VIEWER, by=maria)
        User.objects.filter(pk=zoe.pk).update(is_staff=True)
        zoe.user_permissions.set(Permission.objects.filter(codename__in=["view_invitation", permission]))
        client.force_login(zoe)

        chosen = {"action": "revoke", "_selected_action": invitation.pk}
        client.post(reverse("admin:workspaces_invitation_changelist"), chosen)

        invitation.refresh_from_db()
        assert bool(invitation.revoked_at) == is_revoked
        assert bool(written(AuditAction.INVITATION_REVOKED, workspace)) == is_revoked


class TestActions:
    def test_marking_an_address_as_verified_is_recorded(self, as_operator: Client, maria: User) -> None:
        address = EmailAddress.objects.create(user=maria, email="maria@example.com", verified=False)

        as_operator.post(ADDRESSES, {"action": "make_verified", "_selected_action": address.pk})

        address.refresh_from_db()
        event = AuditEvent.objects.get(action=AuditAction.ADMIN_CHANGED)
        assert address.verified
        assert (event.actor, event.target_type, event.target_pk) == (
            "root@example.com",
            "account.emailaddress",
            str(address.pk),
        )
        assert event.after == {"action": "Mark selected email addresses as verified"}

    def test_unrecorded_action_is_not_done(
        self, as_operator: Client, maria: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = EmailAddress.objects.create(user=maria, email="maria@example.com", verified=False)

        def refuse(*args: Any) -> None:
            raise RuntimeError("The audit log is unavailable")

        monkeypatch.setattr(recording, "_append", refuse)

        with pytest.raises(RuntimeError, match="The audit log is unavailable"):
            as_operator.post(ADDRESSES, {"action": "make_verified", "_selected_action": address.pk})

        address.refresh_from_db()
        assert not address.verified

    @pytest.mark.parametrize("model", sorted(admin.site._registry, key=str), ids=str)
    def test_every_action_of_every_model_is_recorded(self, model: Any, as_operator: Client) -> None:
        request = RequestFactory().get("/")
        request.user = User.objects.get(email="root@example.com")

        actions = admin.site._registry[model].get_actions(request)

        unwritten = [name for name, (act, *_) in actions.items() if not hasattr(act, "__wrapped__")]
        assert set(unwritten) <= {"delete_selected"}  # Django logs it, and so do we

    def test_viewing_staff_are_offered_no_actions(self, client: Client, maria: User) -> None:
        maria.is_staff = True
        maria.save()
        maria.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
        request = RequestFactory().get("/")
        request.user = User.objects.get(pk=maria.pk)

        offered = {model: list(each.get_actions(request)) for model, each in admin.site._registry.items()}

        assert {model: names for model, names in offered.items() if names} == {}

    @pytest.mark.parametrize(("permission", "is_queued"), [("view_failure", False), ("change_failure", True)])
    def test_permitted_staff_can_resubmit_a_failed_task(
        self, permission: str, is_queued: bool, client: Client, maria: User
    ) -> None:
        now = timezone.now()
        task = {
            "func": "tavusweb.backoffice.maintenance.tidy",
            "started": now,
            "stopped": now,
            "name": "t",
            "success": False,
        }
        failure = Failure.objects.create(id="no-1", **task)
        User.objects.filter(pk=maria.pk).update(is_staff=True)
        maria.user_permissions.set(Permission.objects.filter(codename__in=["view_failure", permission]))
        client.force_login(maria)

        chosen = {"action": "resubmit_task", "_selected_action": failure.pk}
        client.post(reverse("admin:django_q_failure_changelist"), chosen)

        assert Failure.objects.exists() == (not is_queued)


class TestAccounts:
    def test_deleted_account_is_recorded_in_each_workspace(
        self, as_operator: Client, zoe: User, erik: User, workspace: Workspace
    ) -> None:
        rival = Workspace.objects.get(slug="rival")
        rival.memberships.create(user=erik, role=Role.VIEWER)

        as_operator.post(reverse("admin:accounts_user_delete", args=[erik.pk]), {"post": "yes"})

        assert written(AuditAction.MEMBER_REMOVED, workspace) == [("root@example.com", "Erik", {"role": "editor"})]
        assert written(AuditAction.MEMBER_REMOVED, rival) == [("root@example.com", "Erik", {"role": "viewer"})]
        assert first_break(AuditChain.objects.get(workspace=workspace)) is None

    def test_every_deleted_account_is_named(
        self, as_operator: Client, otto: User, erik: User, workspace: Workspace
    ) -> None:
        delete(as_operator, USERS, otto.pk, erik.pk)

        assert not User.objects.filter(pk__in=[otto.pk, erik.pk]).exists()
        assert {target for _, target, _ in written(AuditAction.MEMBER_REMOVED, workspace)} == {"Otto", "Erik"}
        assert {target for _, target, _ in written(AuditAction.ADMIN_DELETED)} == {"Otto", "Erik"}

    def test_undeletable_account_stays_a_member_and_nothing_is_recorded(
        self, as_operator: Client, maria: User, erik: User, workspace: Workspace
    ) -> None:
        delete(as_operator, USERS, maria.pk, erik.pk)

        assert workspace.memberships.count() == 2
        assert not written(AuditAction.MEMBER_REMOVED, workspace)
        assert not written(AuditAction.ADMIN_DELETED)

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_own_password_is_changed_on_the_recorded_page(self, method: str, as_operator: Client) -> None:
        new = {"old_password": "root-pass-12", "new_password1": "new-pass-1234", "new_password2": "new-pass-1234"}

        response = getattr(as_operator, method)(reverse("admin:password_change"), new)

        assert response["Location"] == reverse("account_change_password")
        assert User.objects.get(email="root@example.com").check_password("root-pass-12")

    def test_another_persons_new_password_is_recorded_without_it(self, as_operator: Client, erik: User) -> None:
        new = {"usable_password": "true", "password1": "new-pass-1234", "password2": "new-pass-1234"}

        as_operator.post(reverse("admin:auth_user_password_change", args=[erik.pk]), new)

        erik.refresh_from_db()
        assert erik.check_password("new-pass-1234")
        assert written(AuditAction.ADMIN_CHANGED) == [("root@example.com", "Erik", {"password": "[removed]"})]
        assert "new-pass-1234" not in json.dumps(list(AuditEvent.objects.values()), default=str)
