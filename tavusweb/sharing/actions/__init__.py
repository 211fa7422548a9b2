"""What people do to share links."""

from .links import (
    NotShareable,
    change,
    live_links_of,
    record_denied,
    restore,
    revoke,
    revoke_links_of,
    share,
)

__all__ = [
    "NotShareable",
    "change",
    "live_links_of",
    "record_denied",
    "restore",
    "revoke",
    "revoke_links_of",
    "share",
]
