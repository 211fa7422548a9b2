"""What people do in the library."""

from .labels import BadName, add_label, delete_label, rename_label
from .saved_filters import CannotSave, delete_filter, save_filter
from .selected import Act, Outcome, Reason, act_on_selected, download_selected, restore_trashed, share_selected

__all__ = [
    "Act",
    "BadName",
    "CannotSave",
    "Outcome",
    "Reason",
    "act_on_selected",
    "add_label",
    "delete_filter",
    "delete_label",
    "download_selected",
    "rename_label",
    "restore_trashed",
    "save_filter",
    "share_selected",
]
