"""The hash and the seal of each event, by which a chain is verified."""

import hashlib
import hmac
import json
from datetime import UTC

from django.conf import settings
from django.utils.crypto import salted_hmac

from .models import AuditChain, AuditEvent

# Hash and seal.


def canonical(event: AuditEvent) -> bytes:
    """The event as it is hashed: JSON with sorted names, without spaces, in UTF-8."""
    body = {
        "chain": event.chain.name,
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "actor_pk": event.actor_pk,
        "address": event.address,
        "agent": event.agent,
        "action": str(event.action),
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


def is_sealed(text: str, given: str) -> bool:
    """Whether `found` is our seal of `text`, under SECRET_KEY or one of SECRET_KEY_FALLBACKS."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(seal(text, secret=secret), given) for secret in secrets)


def checkpoint(chain: AuditChain) -> str:
    """The text that the seal of a chain's checkpoint covers."""
    at = chain.closed_at.astimezone(UTC).isoformat(timespec="microseconds") if chain.closed_at else ""
    return json.dumps(["checkpoint", chain.name, chain.closed_seq, chain.closed_hash, at])
