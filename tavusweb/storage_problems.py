"""Recognise why nothing can be written: the database is locked, full, read-only or down, or the disk is full."""

import errno
from dataclasses import dataclass
from enum import StrEnum

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError

BUSY_ERRORS = {"SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "57P03", "40P01"}
FULL_ERRORS = {"SQLITE_FULL", "53100"}
READ_ONLY_ERRORS = {"SQLITE_READONLY", "SQLITE_PERM", "25006"}
FULL_DISK = {errno.ENOSPC, errno.EDQUOT}


class Kind(StrEnum):
    LOCKED, FULL, READ_ONLY, DOWN = "locked", "full", "read-only", "down"


@dataclass(frozen=True)
class StorageProblem:
    kind: Kind
    reason: str  # for monitoring and the log: English only


REASONS = {
    Kind.LOCKED: "The database is locked by another process, so nothing can be written.",  # not translated: for monitoring
    Kind.FULL: "The disk is full, so nothing can be written.",  # not translated: for monitoring
    Kind.READ_ONLY: "The database is read-only, so nothing can be written.",  # not translated: for monitoring
    Kind.DOWN: "The database does not answer",  # not translated: for monitoring
}


def problem_of(error: BaseException | None) -> StorageProblem | None:
    """Return the storage problem that an error means; None if it means something else."""
    if isinstance(error, OSError):
        return _problem(Kind.FULL) if error.errno in FULL_DISK else None
    if not isinstance(error, DatabaseError):
        return None
    name = _name_of(error.__cause__) or _name_by_message(error)
    if any(name.startswith(known) for known in BUSY_ERRORS):
        return _problem(Kind.LOCKED)
    if name in FULL_ERRORS:
        return _problem(Kind.FULL)
    if any(name.startswith(known) for known in READ_ONLY_ERRORS):
        return _problem(Kind.READ_ONLY)
    if isinstance(error, OperationalError | InterfaceError):
        return StorageProblem(Kind.DOWN, f"{REASONS[Kind.DOWN]} ({type(error).__name__}).")
    return None


def _problem(kind: Kind) -> StorageProblem:
    return StorageProblem(kind, REASONS[kind])


def _name_of(cause: BaseException | None) -> str:
    """Return SQLite's error name or PostgreSQL's SQLSTATE."""
    return str(getattr(cause, "sqlite_errorname", "") or getattr(cause, "sqlstate", "") or "")


def _name_by_message(error: BaseException) -> str:
    """Return the error name by its message, for errors that lost their cause."""
    message = str(error)
    known = {"database is locked": "SQLITE_BUSY", "disk is full": "SQLITE_FULL", "readonly database": "SQLITE_READONLY"}
    return next((name for text, name in known.items() if text in message), "")
