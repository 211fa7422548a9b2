from .audio import AudioFile
from .copy import RemoteCopy
from .event import EventKind, VideoEvent
from .queryset import VideoQuerySet
from .transitions import InvalidTransition
from .video import Video

__all__ = [
    "AudioFile",
    "EventKind",
    "InvalidTransition",
    "RemoteCopy",
    "Video",
    "VideoEvent",
    "VideoQuerySet",
]
