"""Record who did what, from where, with the values before and after, in the transaction of the action.

Each event's hash covers the event and the hash before it, so an export proves its own order and completeness.
Its seal is an HMAC of that hash under a key made from SECRET_KEY: writing to the database without that key forges
nothing. No chain can prove that its newest events were not cut off together with their count: keep exports, or the
head that `verify_audit` prints, somewhere else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from tavusweb.text_policy import cut

from .actions import AuditAction
from .actor import Actor
from .chain import digest, seal
from .models import INSTANCE, AuditChain, AuditEvent

REMOVED = "[removed]"
LONGEST = 200  # characters of one value
LONGEST_ADDRESS = 254
_SECRET_NAME = re.compile(r"secret|passw|token|sealed|hash|cookie|session|recovery|api_key$", re.IGNORECASE)
# What looks like a credential, wherever it may have been pasted.
_SECRET_LOOK = re.compile(r"[A-Za-z0-9_\-]{30,}")
# Long words that are not credentials.
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s:/?]{1,64}@[A-Za-z0-9.\-]+")

Values = Mapping[str, Any]
Owner = Any  # a workspace, whose type belongs to a higher layer; its chain is found by its key


@dataclass(frozen=True)
class Target:
    """The target of an action, if it is not a row."""

    text: str
    type: str
    pk: str = ""

    @classmethod
    def of(cls, row: models.Model) -> "Target":
        return cls(str(row), row._meta.label_lower, str(row.pk))


def record(
    actor: Actor,
    action: AuditAction,
    *,
    target: models.Model | Target | None = None,
    before: Values | None = None,
    after: Values | None = None,
    workspace: Owner | None = None,
) -> None:
    """Append one event to the chain of `workspace`, or else of the actor's workspace, or of the instance.

    Call it inside the transaction of the action. `before` and `after` are small and flat, and hold only what changed.
    """
    known = actor.user
    what = Target.of(target) if isinstance(target, models.Model) else target or Target("", "")
    _append(
        workspace or actor.workspace,
        AuditEvent(
            at=timezone.now(),
            actor=_storable(known.email if known else actor.label)[:LONGEST_ADDRESS],
            actor_pk=known.pk if known else None,
            address=actor.address,
            agent=_clean(actor.agent),
            action=action,
            target=_clean(what.text),
            target_type=what.type,
            target_pk=what.pk,
            before=_shown(before or {}),
            after=_shown(after or {}),
        ),
    )


def _append(workspace: Owner | None, event: AuditEvent) -> None:
    with transaction.atomic():
        event.chain = chain = hold(workspace)
        event.seq, event.previous = chain.last_seq + 1, chain.last_hash
        event.hash = digest(event)
        event.seal = seal(event.hash)
        event.save()
        AuditChain.objects.filter(pk=chain.pk).update(last_seq=event.seq, last_hash=event.hash)


def hold(workspace: Owner | None) -> AuditChain:
    """Lock and return the head of the chain; nobody else appends until the transaction ends.

    PostgreSQL locks the row; on SQLite the transaction is IMMEDIATE and has locked everything. If ever neither held,
    the unique sequence would refuse the second writer.
    """
    name = f"{workspace.slug}#{workspace.pk}" if workspace else INSTANCE
    owner = {"workspace": workspace} if workspace else {"name": INSTANCE}
    heads = AuditChain.objects.select_for_update(no_key=True)
    head = heads.filter(**owner).first()
    if head is None:
        AuditChain.objects.get_or_create(**owner, defaults={"name": name})
        head = heads.get(**owner)
    return head


# What is never recorded.


def _shown(values: Values) -> dict[str, Any]:
    return {name: REMOVED if _SECRET_NAME.search(name) else _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in list(value)[:50]]
    return _clean(value.isoformat() if isinstance(value, datetime) else str(value))


def _clean(text: str) -> str:
    """Remove what looks like a credential. Email addresses are kept, because they identify people."""
    text = _storable(text)
    if _EMAIL.fullmatch(text):
        return cut(text, LONGEST)
    return cut(_SECRET_LOOK.sub(lambda match: match[0] if _UUID.fullmatch(match[0]) else REMOVED, text), LONGEST)


def _storable(text: str) -> str:
    """A value that both databases store and return unchanged."""
    return text.encode(errors="replace").decode().replace("\0", "�")
