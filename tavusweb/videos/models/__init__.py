from .asked import Background
from .audio import AudioFile
from .event import VideoEvent
from .lease import Lease
from .moves import ForbiddenMove
from .video import Video, VideoQuerySet

__all__ = ["AudioFile", "Background", "ForbiddenMove", "Lease", "Video", "VideoEvent", "VideoQuerySet"]
