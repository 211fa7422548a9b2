"""Actions on share links."""

from .branding import change_branding
from .closing import (
    LinkClosed,
    close_link,
    dismiss_reports,
    freeze_links,
    reopen_link,
    report,
    unfreeze_links,
)
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
from .personal import share_many, share_with_each
from .policy import AgainstPolicy, change_policy
from .presets import NameTaken, TooManyPresets, delete_preset, make_preset_default, rename_preset, save_preset
from .repair import Chosen, Repair, Repaired, repair, restore_revoked
from .sending import LinkIsOff, TooManyMails, send
from .takes import Moved, NotReady, cancel_plan, carry_out, offer_takes, swap_take, undo_swap
from .visits import keep_visits

__all__ = [
    "AgainstPolicy",
    "Chosen",
    "LinkClosed",
    "LinkIsOff",
    "Moved",
    "NameTaken",
    "NotReady",
    "NotShareable",
    "Repair",
    "Repaired",
    "TooManyMails",
    "TooManyPresets",
    "cancel_plan",
    "carry_out",
    "change",
    "change_branding",
    "change_policy",
    "close_link",
    "delete_preset",
    "dismiss_reports",
    "freeze_links",
    "keep_visits",
    "live_links_of",
    "make_preset_default",
    "offer_takes",
    "record_denied",
    "rename_preset",
    "reopen_link",
    "repair",
    "report",
    "restore",
    "restore_revoked",
    "revoke",
    "revoke_links_of",
    "save_preset",
    "send",
    "share",
    "share_many",
    "share_with_each",
    "swap_take",
    "undo_swap",
    "unfreeze_links",
]
