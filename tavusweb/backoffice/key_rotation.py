"""Rotation of the ring keys: where sealed values are, which ring key each needs, and sealing them with the newest."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from allauth.mfa.models import Authenticator
from django.core import checks
from django.db import DatabaseError, transaction

from tavusweb.accounts.mfa import SEALED_FOR
from tavusweb.keys.models import APIKey
from tavusweb.reviews.models import CertificateKey
from tavusweb.sealing import CannotOpen, ring_id_of, ring_ids, seal, unseal

BATCH = 200  # rows read at once; each is written separately, so an interrupted run loses nothing


class Place(Protocol):
    """A kind of row that holds sealed texts."""

    title: str

    def rows(self) -> Iterator[Any]: ...

    def ring_ids(self, row: Any, /) -> set[str]: ...

    def name(self, row: Any, /) -> str: ...

    def reseal(self, row: Any, /) -> bool:
        """False when the row was changed or deleted meanwhile. Raises CannotOpen."""


class APIKeys:
    title = "API keys"

    def rows(self) -> Iterator[APIKey]:
        keys = APIKey.objects.exclude(sealed="").select_related("workspace").order_by("pk")
        return keys.iterator(chunk_size=BATCH)

    def ring_ids(self, key: APIKey) -> set[str]:
        return {ring_id_of(key.sealed)}

    def name(self, key: APIKey) -> str:
        return f"the API key {key} of {key.workspace}"

    def reseal(self, key: APIKey) -> bool:
        return key.reseal()


class SecondFactors:
    title = "Second factors"  # not translated: printed in a terminal

    def rows(self) -> Iterator[Authenticator]:
        factors = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).select_related("user").order_by("pk")
        return (row for row in factors.iterator(chunk_size=BATCH) if self.ring_ids(row))

    def ring_ids(self, row: Authenticator) -> set[str]:
        return {ring_id_of(text) for text in _texts(row.data)} - {""}

    def name(self, row: Authenticator) -> str:
        return f"the second factor ({row.get_type_display()}) of {row.user.email}"

    @transaction.atomic
    def reseal(self, row: Authenticator) -> bool:
        """Read the row again under a lock, so that a recovery code used meanwhile stays used."""
        fresh = Authenticator.objects.select_for_update().filter(pk=row.pk).first()
        if fresh is None:
            return False
        fresh.data = _resealed(fresh.data)
        fresh.save(update_fields=["data"])
        return True


class CertificateKeys:
    title = "Certificate keys"  # not translated: printed in a terminal

    def rows(self) -> Iterator[CertificateKey]:
        return CertificateKey.objects.exclude(sealed="").order_by("pk").iterator(chunk_size=BATCH)

    def ring_ids(self, key: CertificateKey) -> set[str]:
        return {ring_id_of(key.sealed)}

    def name(self, key: CertificateKey) -> str:
        return f"the certificate key {key}"

    def reseal(self, key: CertificateKey) -> bool:
        return key.reseal()


PLACES: tuple[Place, ...] = (APIKeys(), SecondFactors(), CertificateKeys())


@dataclass
class Result:
    """Counts of the rows of one place, by outcome."""

    resealed: int = 0
    newest: int = 0
    changed: int = 0
    unopened: list[str] = field(default_factory=list)


def reseal(place: Place) -> Result:
    """Seal with the newest ring key whatever is not yet. Rows that cannot be opened are named and skipped."""
    newest, result = ring_ids()[0], Result()
    for row in place.rows():
        if place.ring_ids(row) == {newest}:
            result.newest += 1
            continue
        try:
            if place.reseal(row):
                result.resealed += 1
            else:
                result.changed += 1
        except CannotOpen as error:
            result.unopened.append(f"{place.name(row)} cannot be opened: {error}")
    return result


@dataclass
class Need:
    """The number of rows that need each ring key, and the names of those whose ring key is missing."""

    counts: Counter[str] = field(default_factory=Counter)
    missing: dict[str, list[str]] = field(default_factory=dict)


def needs() -> Need:
    have, need = set(ring_ids()), Need()
    for place in PLACES:
        for row in place.rows():
            for ring_id in place.ring_ids(row):
                need.counts[ring_id] += 1
                if ring_id not in have:
                    need.missing.setdefault(ring_id, []).append(place.name(row))
    return need


@checks.register(checks.Tags.database)
def ring_opens_everything(databases: Sequence[str] | None = None, **given: Any) -> list[checks.CheckMessage]:
    """Warn when a ring entry was dropped that is still needed. Runs at every start and every migration."""
    if not databases:
        return []
    try:
        missing = needs().missing
    except DatabaseError:
        return []  # before the first migration
    return [
        checks.Warning(
            f"FIELD_KEYS lacks the ring key {ring_id}, which {_listed(names)} {'needs' if len(names) == 1 else 'need'}. "
            "Put it back, or paste these again.",
            id="tavusweb.W001",
        )
        for ring_id, names in missing.items()
    ]


def _listed(names: list[str], limit: int = 5) -> str:
    return ", ".join(names[:limit]) + (f" and {len(names) - limit} more" if len(names) > limit else "")


def _texts(data: Any) -> Iterator[str]:
    """Every string within a JSON value."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)


def _resealed(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _resealed(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_resealed(value) for value in data]
    is_sealed = isinstance(data, str) and ring_id_of(data)
    return seal(unseal(data, row=SEALED_FOR), row=SEALED_FOR) if is_sealed else data
