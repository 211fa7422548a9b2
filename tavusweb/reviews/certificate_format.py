"""The certificate file format: canonical JSON with an Ed25519 signature. Pure; see docs/certificates.md.

A valid file is exactly the bytes that were issued, so that any change is found, also one that no reader would see.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORMAT, VERSION = "tavusweb-approval-certificate", 1
LARGEST_FILE = 100_000  # bytes


class Unreadable(ValueError):
    """The text is not a certificate or a list of keys; the message says why."""


def canonical(value: Any) -> bytes:
    """Encode as UTF-8 JSON with sorted keys, no whitespace and only the required escapes."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def key_id(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Decode unpadded base64url. Raises Unreadable, also for non-canonical encodings."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise Unreadable("not base64url") from None
    if encode(data) != text:
        raise Unreadable("not base64url")
    return data


def sign(fields: Mapping[str, Any], private: Ed25519PrivateKey) -> str:
    """Return the text of a certificate with these fields."""
    signed = {**fields, "format": FORMAT, "version": VERSION, "key": key_id(private.public_key().public_bytes_raw())}
    return canonical({**signed, "signature": encode(private.sign(canonical(signed)))}).decode() + "\n"


def read(data: bytes) -> dict[str, Any]:
    """Parse a certificate's fields, whether or not it is genuine. Raises Unreadable."""
    if len(data) > LARGEST_FILE:
        raise Unreadable(f"The file is larger than {LARGEST_FILE:,} bytes.")
    try:
        found = json.loads(data.decode())
    except (ValueError, RecursionError):
        raise Unreadable("The file isn’t JSON in UTF-8.") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Unreadable("The file isn’t a tavusweb approval certificate.")
    if found.get("version") != VERSION:
        raise Unreadable(f"The certificate’s version isn’t {VERSION}.")
    return found


def problems(data: bytes, keys: Mapping[str, bytes]) -> list[str]:
    """Return why a file is not genuine, one sentence per problem, or nothing if it is. `keys` are public keys by id."""
    try:
        fields = read(data)
    except Unreadable as reason:
        return [str(reason)]
    found = []
    name, signature = fields.get("key"), fields.pop("signature", None)
    public = keys.get(name) if isinstance(name, str) else None
    if public is None:
        found.append(f"The certificate names the key {str(name)[:40]!r}, which isn’t among the known keys.")
    elif not _is_signed(fields, signature, public):
        found.append("The signature doesn’t match: the certificate was changed, or someone else issued it.")
    if not _is_as_issued(data, fields, signature):
        found.append("The file isn’t written as it was issued: something was added, removed or reformatted.")
    return found


def _is_signed(fields: dict[str, Any], signature: Any, public: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(decode(str(signature)), canonical(fields))
    except (InvalidSignature, ValueError):
        return False
    return True


def _is_as_issued(data: bytes, fields: dict[str, Any], signature: Any) -> bool:
    try:
        return canonical({**fields, "signature": signature}) + b"\n" == data
    except ValueError:
        return False


def read_keys(data: bytes) -> dict[str, bytes]:
    """Parse the public keys of a keys file, by id. Raises Unreadable."""
    try:
        listed = json.loads(data.decode())["keys"]
        found = {str(each["id"]): decode(str(each["public"])) for each in listed}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unreadable("The keys file isn’t a list of certificate keys.") from None
    if any(key_id(public) != name or len(public) != 32 for name, public in found.items()):
        raise Unreadable("The keys file holds a key that doesn’t match its id.")
    return found
