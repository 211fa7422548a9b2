from .actions import DeleteForm, RenameForm, SettleForm
from .editor import LONGEST_SCRIPT, SPEC_FIELDS, UPLOAD_FAILURES, VideoForm

__all__ = ["LONGEST_SCRIPT", "SPEC_FIELDS", "UPLOAD_FAILURES", "DeleteForm", "RenameForm", "SettleForm", "VideoForm"]
