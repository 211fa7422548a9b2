from .one import DeleteForm, RenameForm, SettleForm
from .video import ASKED, LONGEST_SCRIPT, UPLOAD_FAILURES, VideoForm

__all__ = ["ASKED", "LONGEST_SCRIPT", "UPLOAD_FAILURES", "DeleteForm", "RenameForm", "SettleForm", "VideoForm"]
