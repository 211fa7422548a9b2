from .actions import DeleteForm, RenameForm, ResolveForm
from .editor import VideoForm
from .recording import UPLOAD_FAILURES

__all__ = ["UPLOAD_FAILURES", "DeleteForm", "RenameForm", "ResolveForm", "VideoForm"]
