from .audio import AudioFile
from .copy import RemoteCopy
from .event import VideoEvent
from .lease import Lease
from .queryset import VideoQuerySet
from .spec import Background
from .transitions import InvalidTransition
from .video import Video

__all__ = [
    "AudioFile",
    "Background",
    "InvalidTransition",
    "Lease",
    "RemoteCopy",
    "Video",
    "VideoEvent",
    "VideoQuerySet",
]
