from .actions import DeleteForm, RenameForm, ResolveForm
from .editor import LONGEST_SCRIPT, SPEC_FIELDS, UPLOAD_FAILURES, VideoForm

__all__ = ["LONGEST_SCRIPT", "SPEC_FIELDS", "UPLOAD_FAILURES", "DeleteForm", "RenameForm", "ResolveForm", "VideoForm"]
