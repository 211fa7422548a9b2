"""What people do to API keys: the default, races between two people, and rights that end in the meantime."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.keys import actions, sync
from tavusweb.keys.health_states import Health
from tavusweb.keys.models import APIKey
from tavusweb.keys.sync import CheckResult
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Membership, Workspace
from tavusweb.workspaces.permissions import Role
from tests.conftest import SECRET


@pytest.fixture
def actor(maria: User, workspace: Workspace) -> Actor:
    return Actor(user=maria, workspace=workspace)


@pytest.fixture(autouse=True)
def tavus_accepts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "check", lambda key, secret="": CheckResult(Health.WORKS))


def add(actor: Actor, name: str) -> APIKey:
    key, _ = actions.add(actor, actor.workspace, name=name, secret=SECRET, is_sandbox=False)
    return key


def default_names() -> list[str]:
    return list(APIKey.objects.filter(is_default=True).values_list("name", flat=True))


def test_first_key_becomes_the_default_and_a_second_does_not(actor: Actor) -> None:
    add(actor, "First")
    add(actor, "Second")

    assert default_names() == ["First"]


def test_key_added_after_the_default_was_deleted_does_not_become_the_default(actor: Actor) -> None:
    first = add(actor, "First")
    add(actor, "Second")
    actions.delete(actor, first)

    add(actor, "Third")

    assert default_names() == []


def test_make_default_moves_the_default(actor: Actor) -> None:
    add(actor, "First")
    second = add(actor, "Second")

    actions.make_default(actor, second)

    assert default_names() == ["Second"]


def test_deleting_a_key_keeps_another_default(actor: Actor) -> None:
    add(actor, "First")
    second = add(actor, "Second")
    actions.delete(actor, second)

    with pytest.raises(actions.KeyGone):
        actions.make_default(actor, second)

    assert default_names() == ["First"]


@pytest.mark.parametrize("role", [Role.EDITOR, None])
def test_person_demoted_or_removed_during_the_check_adds_and_replaces_nothing(
    role: Role | None, actor: Actor, key: APIKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    membership = Membership.objects.filter(user=actor.user)

    def meanwhile(key: APIKey, secret: str = "") -> CheckResult:
        if role:
            membership.update(role=role)
        else:
            membership.delete()
        return CheckResult(Health.WORKS)

    monkeypatch.setattr(sync, "check", meanwhile)
    sealed = key.sealed

    with pytest.raises(PermissionDenied):
        add(actor, "Second")
    with pytest.raises(PermissionDenied):
        actions.replace(actor, key, secret="tavus-key-new-000001")

    assert APIKey.objects.get().sealed == sealed
    assert not AuditEvent.objects.filter(action__in=[AuditAction.KEY_ADDED, AuditAction.KEY_REPLACED]).exists()


def test_renaming_to_a_name_taken_in_the_meantime_is_refused_beside_the_field(
    as_maria: Client, actor: Actor, key: APIKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(actor, "Second")
    monkeypatch.setattr("tavusweb.keys.forms.NameForm.clean_name", lambda form: form.cleaned_data["name"])

    page = as_maria.post(reverse("key_rename", args=[key.workspace.slug, key.pk]), {"name": "Second"})

    assert page.status_code == 422
    assert page.context["name_form"].errors["name"]
    assert APIKey.objects.get(pk=key.pk).name == "Main"


def test_freezing_twice_is_recorded_once(actor: Actor, key: APIKey) -> None:
    assert actions.freeze(actor, key)
    assert not actions.freeze(actor, key)

    assert AuditEvent.objects.filter(action=AuditAction.KEY_FROZEN).count() == 1


def test_change_of_a_deleted_key_is_refused_and_not_recorded(actor: Actor, key: APIKey) -> None:
    actions.delete(actor, key)

    with pytest.raises(actions.KeyGone):
        actions.rename(actor, key, "Other")
    with pytest.raises(actions.KeyGone):
        actions.set_limit(actor, key, 3)
    with pytest.raises(actions.KeyGone):
        actions.delete(actor, key)

    events = AuditEvent.objects.exclude(action=AuditAction.KEY_DELETED)
    assert not events.filter(action__startswith="key_").exists()


def test_key_in_use_names_how_many_videos_need_it(actor: Actor, key: APIKey, make_video: Any) -> None:
    make_video(Status.QUEUED)
    make_video(Status.WAITING)

    with pytest.raises(actions.KeyInUse) as caught:
        actions.delete(actor, key)

    assert caught.value.count == 2
