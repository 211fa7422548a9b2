"""Encryption of secrets at rest: AES-256-GCM with a key ring, bound to the row.

A sealed text reads `v1.<key id>.<base64url of nonce + ciphertext + tag>`. The associated data names the
model and the row, so a ciphertext that is copied to another row does not open there.
"""

import base64
import binascii
import hashlib
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

VERSION = "v1"
NONCE_BYTES = 12
KEY_BYTES = 32


class CannotOpen(Exception):
    """A sealed text can't be decrypted: its ring key is missing, or it was altered or moved."""


@lru_cache
def _ring(encoded: tuple[str, ...]) -> dict[str, AESGCM]:
    """Return the ring's ciphers by key id, newest first.

    Raises ImproperlyConfigured when there is no entry, or one that is not 32 bytes in base64url.
    """
    if not encoded:
        raise ImproperlyConfigured("FIELD_KEYS is empty.")
    ring = {}
    for position, text in enumerate(encoded, start=1):
        try:
            key = base64.urlsafe_b64decode(text)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != KEY_BYTES:
            raise ImproperlyConfigured(f"FIELD_KEYS: entry {position} is not {KEY_BYTES} bytes in base64url.")
        ring[hashlib.sha256(key).hexdigest()[:8]] = AESGCM(key)
    return ring


@register
def ring_is_usable(**kwargs: Any) -> list[CheckMessage]:
    """Report an invalid ring at start-up rather than when the first key is saved."""
    try:
        _ring(tuple(settings.FIELD_KEYS))
    except ImproperlyConfigured as error:
        return [Error(str(error), id="tavusweb.E001")]
    return []


def ring_ids() -> list[str]:
    """Return the ids of the ring's keys, newest first, as sealed texts name them."""
    return list(_ring(tuple(settings.FIELD_KEYS)))


def ring_id_of(sealed: str) -> str:
    """Return the id of the ring key that sealed a text; "" if it is not a sealed text."""
    version, _, rest = sealed.partition(".")
    return rest.partition(".")[0] if version == VERSION else ""


def seal(secret: str, *, row: str) -> str:
    """Encrypt `secret` with the newest ring key for the row that `row` names, such as `keys.apikey:<id>`."""
    key_id, cipher = next(iter(_ring(tuple(settings.FIELD_KEYS)).items()))
    nonce = os.urandom(NONCE_BYTES)
    body = nonce + cipher.encrypt(nonce, secret.encode(), row.encode())
    return f"{VERSION}.{key_id}.{base64.urlsafe_b64encode(body).decode()}"


def unseal(sealed: str, *, row: str) -> str:
    """Decrypt the secret that was sealed for this row.

    Raises CannotOpen, whose text never holds any part of the secret.
    """
    version, _, rest = sealed.partition(".")
    key_id, _, encoded = rest.partition(".")
    if version != VERSION or not encoded:
        raise CannotOpen(f"{row}: this is not a sealed text of a known version")
    cipher = _ring(tuple(settings.FIELD_KEYS)).get(key_id)
    if cipher is None:
        raise CannotOpen(f"{row}: sealed with ring key {key_id}, which is not in FIELD_KEYS")
    try:
        body = base64.urlsafe_b64decode(encoded)
        return cipher.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], row.encode()).decode()
    except (binascii.Error, ValueError, InvalidTag):
        raise CannotOpen(f"{row}: the sealed text was altered or belongs to another row") from None
