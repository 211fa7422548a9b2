"""Who did what, from where, before and after. Written in the transaction of the act, proven by `first_break`.

Each event's hash covers the event and the hash before it, so that whoever has an export can prove its order and
wholeness. Its seal is an HMAC of that hash under a key made from SECRET_KEY: who can write to the database and does
not have that key can forge nothing. What no chain can prove is that its newest events were not cut off together
with their count: keep exports, or the head that `verify_audit` prints, somewhere else.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tavusweb.accounts.models import User
from tavusweb.http import client_address

from .models import Workspace
from .trail import INSTANCE, AuditChain, AuditEvent, Deed

__all__ = ["Deed", "first_break", "record"]

REMOVED = "[removed]"
LONGEST = 200  # characters of one value
LONGEST_ADDRESS = 254
_SECRET_NAME = re.compile(r"secret|passw|token|sealed|hash|cookie|session|recovery|api_key$", re.IGNORECASE)
# A credential by its look, wherever somebody may have pasted it.
_SECRET_LOOK = re.compile(r"[A-Za-z0-9_\-]{30,}")
# These are none, long as they may be.
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s:/?]{1,64}@[A-Za-z0-9.\-]+")

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """What was acted on, where that is no row."""

    text: str
    type: str
    pk: str = ""

    @classmethod
    def of(cls, row: models.Model) -> "Target":
        return cls(str(row), row._meta.label_lower, str(row.pk))


def record(
    request: HttpRequest | None,
    deed: Deed,
    *,
    target: models.Model | Target | None = None,
    before: Values | None = None,
    after: Values | None = None,
    workspace: Workspace | None = None,
    by: User | None = None,
) -> None:
    """Append one event to the chain of `workspace`, or of the request's, or of the instance.

    Call it inside the transaction of the act. `before` and `after` are few and flat: what changed, in words.
    """
    workspace = workspace or getattr(request, "workspace", None)
    person = by or getattr(request, "user", None)
    known = person if isinstance(person, User) else None
    what = Target.of(target) if isinstance(target, models.Model) else target or Target("", "")
    _append(
        workspace,
        AuditEvent(
            at=timezone.now(),
            actor=_storable(known.email)[:LONGEST_ADDRESS] if known else "",
            actor_pk=known.pk if known else None,
            address=client_address(request) if request else "",
            agent=_clean(request.headers.get("User-Agent", "")) if request else "",
            deed=deed,
            target=_clean(what.text),
            target_type=what.type,
            target_pk=what.pk,
            before=_shown(before or {}),
            after=_shown(after or {}),
        ),
    )


def _append(workspace: Workspace | None, event: AuditEvent) -> None:
    with transaction.atomic():
        event.chain = chain = hold(workspace)
        event.seq, event.previous = chain.last_seq + 1, chain.last_hash
        event.hash = digest(event)
        event.seal = seal(event.hash)
        event.save()
        AuditChain.objects.filter(pk=chain.pk).update(last_seq=event.seq, last_hash=event.hash)


def hold(workspace: Workspace | None) -> AuditChain:
    """The head of the chain; nobody else appends until the transaction ends.

    PostgreSQL locks the row; on SQLite the transaction is IMMEDIATE and has locked everything. If ever neither held,
    the unique sequence would refuse the second writer.
    """
    name = f"{workspace.slug}#{workspace.pk}" if workspace else INSTANCE
    mine = {"workspace": workspace} if workspace else {"name": INSTANCE}
    heads = AuditChain.objects.select_for_update(no_key=True)
    head = heads.filter(**mine).first()
    if head is None:
        AuditChain.objects.get_or_create(**mine, defaults={"name": name})
        head = heads.get(**mine)
    return head


# What is never written down.


def _shown(values: Values) -> dict[str, Any]:
    return {name: REMOVED if _SECRET_NAME.search(name) else _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in list(value)[:50]]
    return _clean(value.isoformat() if isinstance(value, datetime) else str(value))


def _clean(text: str) -> str:
    """Without what looks like a credential. An e-mail address stays whole: it says who."""
    text = _storable(text)
    if _EMAIL.fullmatch(text):
        return text[:LONGEST]
    return _SECRET_LOOK.sub(lambda found: found[0] if _UUID.fullmatch(found[0]) else REMOVED, text)[:LONGEST]


def _storable(text: str) -> str:
    """As both databases store it and give it back."""
    return text.encode(errors="replace").decode().replace("\0", "�")


# What proves it.


def canonical(event: AuditEvent) -> bytes:
    """The event as its hash sees it: JSON with sorted names, no spaces, UTF-8."""
    body = {
        "chain": event.chain.name,
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "actor_pk": event.actor_pk,
        "address": event.address,
        "agent": event.agent,
        "deed": str(event.deed),
        "target": event.target,
        "target_type": event.target_type,
        "target_pk": event.target_pk,
        "before": event.before,
        "after": event.after,
        "previous": event.previous,
    }
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(event: AuditEvent) -> str:
    return hashlib.sha256(canonical(event)).hexdigest()


def seal(text: str, *, secret: str | None = None) -> str:
    return salted_hmac("tavusweb.audit", text, secret=secret, algorithm="sha256").hexdigest()


def is_sealed(text: str, found: str) -> bool:
    """Whether `found` is our seal of `text`, under SECRET_KEY or one of SECRET_KEY_FALLBACKS."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(seal(text, secret=secret), found) for secret in secrets)


def checkpoint(chain: AuditChain) -> str:
    """What the seal of a chain's checkpoint covers."""
    at = chain.closed_at.astimezone(UTC).isoformat(timespec="microseconds") if chain.closed_at else ""
    return json.dumps(["checkpoint", chain.name, chain.closed_seq, chain.closed_hash, at])


@dataclass(frozen=True)
class Break:
    """The first link of a chain that does not hold."""

    chain: str
    seq: int
    reason: str

    def __str__(self) -> str:
        return f"{self.chain}: event {self.seq} {self.reason}"


def first_break(chain: AuditChain) -> Break | None:
    """Walk the chain from its checkpoint or its first event to its head; None when every link holds.

    `chain` is read anew and is then the head that was proven. What is appended meanwhile is left to the next proof; when
    the oldest part is closed meanwhile, this one begins again.
    """
    while True:
        chain.refresh_from_db()
        found = _walk(chain)
        if not found or not AuditChain.objects.filter(pk=chain.pk, closed_seq__gt=chain.closed_seq).exists():
            return found


def _walk(chain: AuditChain) -> Break | None:
    events = AuditEvent.objects.filter(chain=chain)
    seq, previous = chain.closed_seq, chain.closed_hash
    if seq and not is_sealed(checkpoint(chain), chain.closed_seal):
        return Break(chain.name, seq, "is the checkpoint, and its seal is not ours")
    for event in events.filter(seq__lte=chain.last_seq).order_by("seq").iterator(chunk_size=1000):
        seq += 1
        event.chain = chain
        if event.seq != seq:
            return Break(chain.name, seq, "is missing")
        if event.previous != previous:
            return Break(chain.name, seq, "does not follow the one before it")
        if digest(event) != event.hash:
            return Break(chain.name, seq, "was altered")
        if not is_sealed(event.hash, event.seal):
            return Break(chain.name, seq, "has a seal that is not ours")
        previous = event.hash
    if events.filter(seq__gt=models.F("chain__last_seq")).exists():
        return Break(chain.name, seq + 1, "is beyond the chain's end")
    if (seq, previous) != (chain.last_seq, chain.last_hash):
        return Break(chain.name, seq + 1, "is missing at the end")
    return None
