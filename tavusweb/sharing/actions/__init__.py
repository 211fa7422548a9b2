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
from .takes import Moved, NotReady, cancel_plan, carry_out, swap_take, undo_swap
from .visits import keep_visits

__all__ = [
    "Moved",
    "NotReady",
    "NotShareable",
    "cancel_plan",
    "carry_out",
    "change",
    "keep_visits",
    "live_links_of",
    "record_denied",
    "restore",
    "revoke",
    "revoke_links_of",
    "share",
    "swap_take",
    "undo_swap",
]
