from .actions import RenameForm, ResolveForm
from .editor import VideoForm
from .recording import UPLOAD_FAILURES

__all__ = ["UPLOAD_FAILURES", "RenameForm", "ResolveForm", "VideoForm"]
