"""What a share page may show. Pure: it is told everything and asks nobody."""

from enum import StrEnum

from tavusweb.videos.models.status import PENDING, Status


class Shows(StrEnum):
    LOCKED = "locked"
    VIDEO = "video"
    NOT_READY = "not_ready"
    FAILED = "failed"
    DELETED = "deleted"
    REVOKED = "revoked"


def decide(*, is_revoked: bool, is_locked: bool, status: str, is_being_deleted: bool) -> Shows:
    """What a stranger with the link gets to see. Revocation goes before everything else, then the password."""
    if is_revoked:
        return Shows.REVOKED
    if is_locked:
        return Shows.LOCKED
    if is_being_deleted or status == Status.DELETED:
        return Shows.DELETED
    if status == Status.READY:
        return Shows.VIDEO
    if status in PENDING or status == Status.DRAFT:
        return Shows.NOT_READY
    return Shows.FAILED


# The provider's and the browser's caches must forget a page that is gone.
HTTP_STATUS = {Shows.REVOKED: 410, Shows.DELETED: 410}
