"""What people do to API keys."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.text_policy import cut
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from . import sync
from .health_states import Health
from .models import APIKey
from .sync import CheckResult


class NameTaken(Exception):
    """Another current key of the workspace has this name."""


class SecretNotRecognised(Exception):
    """Tavus does not know the secret. Nothing was stored."""


class KeyGone(Exception):
    """The key was deleted or replaced in the meantime."""


class KeyInUse(Exception):
    """`count` videos in the queue or in production need the key."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def add(actor: Actor, workspace: Workspace, *, name: str, secret: str, is_sandbox: bool) -> tuple[APIKey, CheckResult]:
    """Check a secret at Tavus and store it as a new key. Raises SecretNotRecognised, NameTaken, PermissionDenied.

    Only a workspace's first key becomes its default; later the default changes only by `make_default`.
    """
    key = APIKey.make(workspace, name=name, secret=secret, is_sandbox=is_sandbox, by=actor.user)
    result = _checked(key)
    try:
        with transaction.atomic():
            confirm_permission(actor, workspace, Permission.MANAGE_KEYS)
            key.is_default = not workspace.api_keys.current().exists()
            key.save()
            _record_added(actor, key)
            _record_check(key, result)
    except IntegrityError:
        raise NameTaken from None
    return key, result


@transaction.atomic
def add_sandbox_key(actor: Actor, workspace: Workspace, *, secret: str) -> APIKey:
    """Store a new workspace's first key, for the bundled sandbox; nobody has to be asked whether it works."""
    key = APIKey.make(workspace, name="Sandbox", secret=secret, is_sandbox=True, by=actor.user)
    key.save()
    _record_added(actor, key)
    return key


def replace(actor: Actor, key: APIKey, *, secret: str) -> CheckResult:
    """Check a new secret and put it in place of the old one. Raises SecretNotRecognised, KeyGone, PermissionDenied."""
    result = _checked(key, secret=secret)
    with transaction.atomic():
        confirm_permission(actor, key.workspace, Permission.MANAGE_KEYS)
        if not key.replace_secret(secret, by=actor.user):
            raise KeyGone
        record(actor, AuditAction.KEY_REPLACED, target=key, workspace=key.workspace)
        _record_check(key, result)
    return result


def check(key: APIKey) -> CheckResult:
    """Ask Tavus whether it accepts the key, and have the engine act on the answer."""
    result = sync.check(key)
    _record_check(key, result)
    return result


def rename(actor: Actor, key: APIKey, name: str) -> None:
    """Raises NameTaken, KeyGone."""
    try:
        _change(actor, key, AuditAction.KEY_RENAMED, name=name)
    except IntegrityError:
        raise NameTaken from None


def set_limit(actor: Actor, key: APIKey, max_slots: int | None) -> None:
    """Set how many videos the key may have in production; None for no limit. Raises KeyGone."""
    _change(actor, key, AuditAction.KEY_LIMITED, max_slots=max_slots)


def freeze(actor: Actor, key: APIKey) -> bool:
    """Stop submissions with the key at once. False when it was frozen already, or is gone."""
    with transaction.atomic():
        if frozen := key.freeze(by=actor.user):
            record(actor, AuditAction.KEY_FROZEN, target=key, workspace=key.workspace)
    return frozen


def unfreeze(actor: Actor, key: APIKey) -> bool:
    """Let the key's videos be submitted again. False when it was not frozen, or is gone."""
    with transaction.atomic():
        if unfrozen := key.unfreeze():
            record(actor, AuditAction.KEY_UNFROZEN, target=key, workspace=key.workspace)
    return unfrozen


def make_default(actor: Actor, key: APIKey) -> None:
    """Preselect the key in forms. Raises KeyGone."""
    with transaction.atomic():
        if not key.make_default():
            raise KeyGone
        record(actor, AuditAction.KEY_MADE_DEFAULT, target=key, workspace=key.workspace)


def delete(actor: Actor, key: APIKey) -> None:
    """Erase the secret; the name stays beside the videos. Raises KeyInUse, KeyGone."""
    with transaction.atomic():
        if not key.retire():
            if not APIKey.objects.current().filter(pk=key.pk).exists():
                raise KeyGone
            raise KeyInUse(key.pending_count())
        record(actor, AuditAction.KEY_DELETED, target=key, workspace=key.workspace)


def _record_added(actor: Actor, key: APIKey) -> None:
    after = {"name": key.name, "is_sandbox": key.is_sandbox}
    record(actor, AuditAction.KEY_ADDED, target=key, after=after, workspace=key.workspace)


def _change(actor: Actor, key: APIKey, action: AuditAction, **values: Any) -> None:
    with transaction.atomic():
        row = APIKey.objects.current().select_for_update().filter(pk=key.pk)
        before = row.values(*values).first()
        if before is None:
            raise KeyGone
        row.update(**values)
        record(actor, action, target=key, before=before, after=values, workspace=key.workspace)


def _checked(key: APIKey, *, secret: str = "") -> CheckResult:
    """Ask Tavus about a secret that is not stored yet; outside of any transaction, for it takes seconds."""
    result = sync.check(key, secret=secret) if secret else sync.check(key)
    if result.health == Health.NOT_RECOGNISED:
        raise SecretNotRecognised
    return result


def _record_check(key: APIKey, result: CheckResult) -> None:
    """Write down what Tavus answered, and have the engine read the key's replicas where that may succeed.

    An accepted key may still lack credits: the next submission shows that, so it is not held back.
    """
    if result.health == Health.WORKS:
        key.record_success(asked_at=timezone.now())
        key.refresh_replicas()
        APIKey.objects.filter(pk=key.pk, health=Health.OUT_OF_CREDITS).update(submissions_wait_until=None)
    elif result.health == Health.UNREACHABLE:
        APIKey.objects.filter(pk=key.pk).update(health=Health.UNCHECKED, health_detail=cut(result.detail, 500))
        key.refresh_replicas()
    else:
        key.record_trouble(result.health, result.detail, wait=result.retry_after)
