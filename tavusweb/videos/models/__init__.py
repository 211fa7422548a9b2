from .audio import AudioFile
from .event import VideoEvent
from .lease import Lease
from .video import ForbiddenMove, Video

__all__ = ["AudioFile", "ForbiddenMove", "Lease", "Video", "VideoEvent"]
