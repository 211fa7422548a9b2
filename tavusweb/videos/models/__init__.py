from .audio import AudioFile
from .budget import BudgetPolicy, OverBudget, reserved_in
from .caption import Caption
from .copy import RemoteCopy
from .draft_version import DraftVersion
from .event import EventKind, VideoEvent
from .history import DraftPresence, SavedVersion
from .queryset import VideoQuerySet
from .transitions import InvalidTransition
from .video import Video

__all__ = [
    "AudioFile",
    "BudgetPolicy",
    "Caption",
    "DraftPresence",
    "DraftVersion",
    "EventKind",
    "InvalidTransition",
    "OverBudget",
    "RemoteCopy",
    "SavedVersion",
    "Video",
    "VideoEvent",
    "VideoQuerySet",
    "reserved_in",
]
