"""Roles change, people leave, and a workspace always has an owner."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.models import AuditChain
from tavusweb.videos.models import AudioFile, Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import LastOwner, Membership, Workspace
from tavusweb.workspaces.permissions import GRANTABLE_ROLES, Role, can_grant
from tests.simultaneous import simultaneously

NEED_AN_OWNER = "A workspace needs an owner."


@pytest.fixture(autouse=True)
def acme(workspace: Workspace) -> None:
    """Maria's workspace is there in every test."""


@pytest.fixture
def join(workspace: Workspace) -> Callable[[str, str], Membership]:
    def join(name: str, role: str) -> Membership:
        user = User.objects.create_user(f"{name.lower()}@example.com", f"{name.lower()}-pass-1", name=name)
        return workspace.memberships.create(user=user, role=role)

    return join


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def of(user: User) -> Membership:
    return Membership.objects.get(user=user, workspace__slug="acme")


def page(name: str, membership: Membership) -> str:
    return reverse(name, args=["acme", membership.pk])


class TestGranting:
    @pytest.mark.parametrize("role", [role for role in Role if role not in GRANTABLE_ROLES])
    def test_roles_below_admin_grant_nothing(self, role: Role) -> None:
        assert not any(can_grant(role, each) for each in Role)

    def test_admin_grants_all_but_ownership_and_owner_all(self) -> None:
        assert [role for role in Role if can_grant(Role.ADMIN, role)] == ["admin", "editor", "reviewer", "viewer"]
        assert all(can_grant(Role.OWNER, role) for role in Role)


class TestRoles:
    def test_owner_changes_a_role(self, as_maria: Client, erik: User) -> None:
        response = as_maria.post(page("member_role", of(erik)), {"role": "admin"}, follow=True)

        assert of(erik).role == Role.ADMIN
        assert "Role of Erik changed to Admin." in response.content.decode()

    def test_admin_cannot_create_or_change_owners(
        self, workspace: Workspace, maria: User, erik: User, join: Any
    ) -> None:
        as_admin = signed_in(join("Ada", Role.ADMIN).user)

        made = as_admin.post(page("member_role", of(erik)), {"role": "owner"})
        demoted = as_admin.post(page("member_role", of(maria)), {"role": "viewer"})
        removed = as_admin.post(page("member_remove", of(maria)))
        asked = as_admin.get(page("member_remove", of(maria)))

        assert [made.status_code, demoted.status_code, removed.status_code, asked.status_code] == [422, 403, 403, 403]
        assert (of(maria).role, of(erik).role) == (Role.OWNER, Role.EDITOR)
        assert (
            "Only an owner can change or remove an owner." in as_admin.get(page("member", of(maria))).content.decode()
        )

    def test_last_owner_cannot_be_demoted_removed_or_leave(self, as_maria: Client, maria: User, erik: User) -> None:
        demoted = as_maria.post(page("member_role", of(maria)), {"role": "admin"})
        removed = as_maria.post(page("member_remove", of(maria)), follow=True)
        left = as_maria.post(reverse("leave", args=["acme"]), follow=True)

        assert demoted.status_code == 422
        assert all(NEED_AN_OWNER in each.content.decode() for each in (demoted, removed, left))
        assert of(maria).role == Role.OWNER

    def test_deactivated_owner_does_not_count(self, as_maria: Client, maria: User, join: Any) -> None:
        other = join("Olga", Role.OWNER)
        User.objects.filter(pk=other.user_id).update(is_active=False)

        with pytest.raises(LastOwner):
            of(maria).leave()

    def test_one_of_two_owners_can_leave(self, as_maria: Client, maria: User, join: Any) -> None:
        join("Olga", Role.OWNER)

        response = as_maria.post(reverse("leave", args=["acme"]), follow=True)

        assert "You left Acme." in response.content.decode()
        assert not Membership.objects.filter(user=maria).exists()

    def test_confirmation_page_changes_nothing(self, as_maria: Client, erik: User) -> None:
        for url in (page("member_remove", of(erik)), page("hand_over", of(erik)), reverse("leave", args=["acme"])):
            assert as_maria.get(url).status_code == 200

        assert Membership.objects.count() == 2

    def test_hand_over_swaps_owner_and_admin(self, as_maria: Client, maria: User, erik: User) -> None:
        as_maria.post(page("hand_over", of(erik)))

        assert (of(maria).role, of(erik).role) == (Role.ADMIN, Role.OWNER)

    def test_hand_over_to_a_deactivated_account_is_refused(self, as_maria: Client, maria: User, erik: User) -> None:
        User.objects.filter(pk=erik.pk).update(is_active=False)

        assert as_maria.post(page("hand_over", of(erik))).status_code == 404
        with pytest.raises(LastOwner):
            of(maria).hand_over(of(erik))
        assert of(erik).role == Role.EDITOR

    def test_hand_over_to_a_former_member_changes_nothing(self, workspace: Workspace, maria: User, erik: User) -> None:
        gone = of(erik)
        Membership.objects.filter(pk=gone.pk).delete()

        assert not of(maria).hand_over(gone)
        assert of(maria).role == Role.OWNER

    def test_hand_over_to_oneself_is_refused(self, as_maria: Client, maria: User) -> None:
        assert as_maria.post(page("hand_over", of(maria))).status_code == 404
        assert of(maria).role == Role.OWNER

    def test_concurrent_change_is_refused(self, workspace: Workspace, erik: User) -> None:
        as_seen = of(erik)
        of(erik).change_role(Role.VIEWER)

        assert not as_seen.change_role(Role.ADMIN)
        assert of(erik).role == Role.VIEWER

    def test_members_of_another_workspace_cannot_be_reached(self, as_maria: Client, zoe: User) -> None:
        foreign = Membership.objects.get(user=zoe)

        answers = [
            as_maria.post(page(name, foreign), {"role": "viewer"}).status_code
            for name in ("member", "member_role", "member_remove", "hand_over")
        ]

        assert answers == [405, 404, 404, 404]
        assert Membership.objects.get(user=zoe).role == Role.OWNER


class TestOpenSessions:
    @pytest.fixture
    def places(self, make_video: Callable[..., Video], erik: User) -> dict[str, str]:
        video = make_video(Status.READY, download_url="https://files.example/v.mp4")
        return {
            "page": reverse("video", args=["acme", video.pk]),
            "fragment": reverse("video_panel", args=["acme", video.pk]),
            "rows": reverse("videos_refresh", args=["acme"]) + f"?ids={video.pk}",
            "download": reverse("video_download", args=["acme", video.pk]),
        }

    def answers(self, client: Client, places: dict[str, str]) -> dict[str, int]:
        return {name: client.get(url, headers={"HX-Request": "true"}).status_code for name, url in places.items()}

    def test_removal_takes_effect_on_the_next_request(
        self, places: dict[str, str], erik: User, as_maria: Client
    ) -> None:
        as_erik = signed_in(erik)
        before = self.answers(as_erik, places)

        as_maria.post(page("member_remove", of(erik)))

        assert before == {"page": 200, "fragment": 200, "rows": 200, "download": 302}
        assert self.answers(as_erik, places) == dict.fromkeys(places, 404)

    def test_demotion_takes_effect_on_the_next_request(
        self, places: dict[str, str], erik: User, as_maria: Client
    ) -> None:
        as_erik = signed_in(erik)
        made_before = as_erik.get(reverse("video_new", args=["acme"])).status_code

        as_maria.post(page("member_role", of(erik)), {"role": "viewer"})

        assert made_before == 200
        assert as_erik.get(reverse("video_new", args=["acme"])).status_code == 403
        assert self.answers(as_erik, places)["page"] == 200


class TestDeletingAWorkspace:
    URL = "/w/acme/settings/delete/"

    def test_confirmed_deletion_removes_everything_but_the_audit_log(
        self,
        as_maria: Client,
        workspace: Workspace,
        make_video: Callable[..., Video],
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        upload = SimpleUploadedFile("voice.mp3", b"a voice")
        audio = AudioFile.keep(workspace, upload, extension="mp3", seconds=4, by=workspace.memberships.get().user)
        make_video(Status.READY, audio=audio)

        with django_capture_on_commit_callbacks(execute=True):
            response = as_maria.post(self.URL, {"name": "Acme"}, follow=True)

        assert "Workspace Acme deleted." in response.content.decode()
        assert not Workspace.objects.exists()
        assert not Video.objects.exists()
        assert not audio.file.storage.exists(audio.file.name)
        assert list(AuditChain.objects.get(workspace=None, name__startswith="acme#").events.values_list("action")) == [
            ("workspace_deleted",)
        ]

    @pytest.mark.parametrize("typed", ["", "acme", "Acme!"])
    def test_wrong_name_deletes_nothing(self, typed: str, as_maria: Client) -> None:
        response = as_maria.post(self.URL, {"name": typed})

        assert response.status_code == 422
        assert Workspace.objects.exists()

    @pytest.mark.parametrize("status", [Status.WAITING, Status.SENDING, Status.UNSURE, Status.GENERATING])
    def test_workspace_with_videos_in_production_cannot_be_deleted(
        self, status: Status, as_maria: Client, make_video: Callable[..., Video]
    ) -> None:
        make_video(status)

        response = as_maria.post(self.URL, {"name": "Acme"})

        assert response.status_code == 422
        assert "1 video is still in progress." in response.content.decode()
        assert Video.objects.exists()


class TestAdmin:
    @pytest.fixture
    def as_operator(self, workspace: Workspace) -> Client:
        return signed_in(User.objects.create_superuser("root@example.com", "root-pass-12"))

    def test_last_owner_keeps_the_role_in_the_admin(self, as_operator: Client, maria: User) -> None:
        url = reverse("admin:workspaces_membership_change", args=[of(maria).pk])

        response = as_operator.post(url, {"role": "viewer"})

        assert NEED_AN_OWNER in response.content.decode()
        assert of(maria).role == Role.OWNER

    def test_last_owners_membership_cannot_be_deleted(self, as_operator: Client, maria: User) -> None:
        one = reverse("admin:workspaces_membership_delete", args=[of(maria).pk])
        many = reverse("admin:workspaces_membership_changelist")
        chosen = {"action": "delete_selected", "_selected_action": of(maria).pk, "post": "yes"}

        as_operator.post(one, {"post": "yes"})
        as_operator.post(many, chosen)

        assert of(maria).role == Role.OWNER

    def test_last_owners_account_cannot_be_deleted(self, as_operator: Client, maria: User) -> None:
        as_operator.post(reverse("admin:accounts_user_delete", args=[maria.pk]), {"post": "yes"})

        assert of(maria).role == Role.OWNER
        with pytest.raises(ProtectedError):
            maria.delete()

    def test_all_owners_cannot_be_deleted_together(self, maria: User, workspace: Workspace, join: Any) -> None:
        olga = join("Olga", Role.OWNER).user

        with pytest.raises(ProtectedError):
            User.objects.filter(pk__in=[maria.pk, olga.pk]).delete()

        assert workspace.memberships.owners().count() == 2
        assert olga.delete()[0], "one of them may be"

    def test_accounts_of_all_owners_cannot_be_deleted_together(
        self, as_operator: Client, maria: User, join: Any
    ) -> None:
        olga = join("Olga", Role.OWNER).user
        chosen = {"action": "delete_selected", "_selected_action": [maria.pk, olga.pk], "post": "yes"}

        as_operator.post(reverse("admin:accounts_user_changelist"), chosen)

        assert {of(maria).role, of(olga).role} == {Role.OWNER}

    def deactivate(self, client: Client, user: User) -> Any:
        return client.post(reverse("admin:accounts_user_change", args=[user.pk]), {"email": user.email})

    def test_last_owner_cannot_be_deactivated(self, as_operator: Client, maria: User, join: Any) -> None:
        olga = join("Olga", Role.OWNER).user

        first, second = self.deactivate(as_operator, olga), self.deactivate(as_operator, maria)

        assert (first.status_code, second.status_code) == (302, 200)
        assert "This is the only owner of Acme." in second.content.decode()
        assert list(User.objects.filter(is_active=True, memberships__role=Role.OWNER)) == [maria]

    def test_other_accounts_can_be_deactivated_and_changed(self, as_operator: Client, erik: User) -> None:
        answers = [self.deactivate(as_operator, erik).status_code for _ in range(2)]

        erik.refresh_from_db()
        assert (answers, erik.is_active) == ([302, 302], False)

    def test_account_is_deleted_with_its_memberships(self, as_operator: Client, maria: User, erik: User) -> None:
        as_operator.post(reverse("admin:accounts_user_delete", args=[erik.pk]), {"post": "yes"})

        assert not User.objects.filter(pk=erik.pk).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["end", "demote", "delete the account", "deactivate"])
def test_one_of_two_owners_leaving_at_once_stays(how: str, maria: User, workspace: Workspace, join: Any) -> None:
    olga = join("Olga", Role.OWNER)
    operator = User.objects.create_superuser("root@example.com", "root-pass-12")
    operators = {each: signed_in(operator) for each in (of(maria).pk, olga.pk)}
    refused: list[int] = []

    def go(membership: Membership) -> None:
        try:
            match how:
                case "end":
                    membership.leave()
                case "demote":
                    membership.change_role(Role.ADMIN)
                case "deactivate":
                    page = reverse("admin:accounts_user_change", args=[membership.user_id])
                    if operators[membership.pk].post(page, {"email": membership.user.email}).status_code == 200:
                        refused.append(membership.pk)
                case _:
                    membership.user.delete()
        except (LastOwner, ProtectedError):
            refused.append(membership.pk)

    simultaneously(partial(go, of(maria)), partial(go, olga))

    assert len(refused) == 1
    assert list(workspace.memberships.owners().values_list("pk", flat=True)) == refused
