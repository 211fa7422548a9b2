from .audio import AudioFile
from .caption import Caption
from .copy import RemoteCopy
from .draft_version import DraftVersion
from .event import EventKind, VideoEvent
from .queryset import VideoQuerySet
from .transitions import InvalidTransition
from .video import Video

__all__ = [
    "AudioFile",
    "Caption",
    "DraftVersion",
    "EventKind",
    "InvalidTransition",
    "RemoteCopy",
    "Video",
    "VideoEvent",
    "VideoQuerySet",
]
