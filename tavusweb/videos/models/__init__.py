from .asked import Background
from .audio import AudioFile
from .copy import RemoteCopy
from .event import VideoEvent
from .lease import Lease
from .moves import ForbiddenMove
from .video import Video, VideoQuerySet

__all__ = ["AudioFile", "Background", "ForbiddenMove", "Lease", "RemoteCopy", "Video", "VideoEvent", "VideoQuerySet"]
