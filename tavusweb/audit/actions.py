"""The actions in the audit log."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditAction(models.TextChoices):
    """Every recorded action. Its word is also used by the button, the view, the function and the event kind."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    CONFIRM_FAILED = "confirm_failed", _("Reauthentication failed")
    PASSWORD_RESET_REQUESTED = "password_reset_requested", _("Requested a password reset")
    SIGNED_OUT = "signed_out", _("Signed out")
    SESSION_ENDED = "session_ended", _("Signed out another session")
    ACCOUNT_CREATED = "account_created", _("Created account")
    ACCOUNT_CHANGED = "account_changed", _("Changed account")

    ENTERED = "entered", _("Entered workspace")
    ACCESS_DENIED = "access_denied", _("Access denied")
    WORKSPACE_CREATED = "workspace_created", _("Created workspace")
    WORKSPACE_DELETED = "workspace_deleted", _("Deleted workspace")
    SETTINGS_CHANGED = "settings_changed", _("Changed settings")

    MEMBER_INVITED = "member_invited", _("Invited member")
    INVITATION_RENEWED = "invitation_renewed", _("Renewed invitation")
    INVITATION_REVOKED = "invitation_revoked", _("Revoked invitation")
    MEMBER_JOINED = "member_joined", _("Joined workspace")
    ROLE_CHANGED = "role_changed", _("Changed role")
    OWNERSHIP_HANDED_OVER = "ownership_handed_over", _("Handed over ownership")
    MEMBER_REMOVED = "member_removed", _("Removed member")
    MEMBER_LEFT = "member_left", _("Left workspace")

    KEY_ADDED = "key_added", _("Added API key")
    KEY_REPLACED = "key_replaced", _("Replaced API key")
    KEY_RENAMED = "key_renamed", _("Renamed API key")
    KEY_LIMITED = "key_limited", _("Changed concurrency limit")
    KEY_FROZEN = "key_frozen", _("Froze API key")
    KEY_UNFROZEN = "key_unfrozen", _("Unfroze API key")
    KEY_MADE_DEFAULT = "key_made_default", _("Changed default API key")
    KEY_DELETED = "key_deleted", _("Deleted API key")

    VIDEO_GENERATED = "video_generated", _("Created video")
    VIDEO_RETRIED = "video_retried", _("Retried video")
    VIDEO_RESOLVED = "video_resolved", _("Resolved unsure video")
    VIDEO_COPY_DELETED = "video_copy_deleted", _("Deleted extra copy")
    SPENDING_APPROVED = "spending_approved", _("Approved the cost of a video")
    SPENDING_DECLINED = "spending_declined", _("Declined the cost of a video")
    BUDGET_CHANGED = "budget_changed", _("Changed the budget")
    VIDEO_RENAMED = "video_renamed", _("Renamed video")
    VIDEO_CANCELLED = "video_cancelled", _("Cancelled video")
    VIDEO_DELETED = "video_deleted", _("Moved video to trash")
    VIDEO_RESTORED = "video_restored", _("Restored video")
    VIDEO_DELETED_FOR_GOOD = "video_deleted_for_good", _("Deleted video for good")

    VIDEOS_CHANGED = "videos_changed", _("Changed many videos")

    VIDEOS_DOWNLOADED = "videos_downloaded", _("Downloaded many videos")

    FOLDER_CREATED = "folder_created", _("Created folder")
    FOLDER_RENAMED = "folder_renamed", _("Renamed folder")
    FOLDER_DELETED = "folder_deleted", _("Deleted folder")
    TAG_CREATED = "tag_created", _("Created tag")
    TAG_RENAMED = "tag_renamed", _("Renamed tag")
    TAG_DELETED = "tag_deleted", _("Deleted tag")

    CAPTIONS_SAVED = "captions_saved", _("Saved captions")
    CAPTIONS_DELETED = "captions_deleted", _("Deleted captions")

    SHARE_CREATED = "share_created", _("Created share link")
    SHARE_REVOKED = "share_revoked", _("Revoked share link")
    SHARE_DENIED = "share_denied", _("Share page access denied")

    SHARE_CHANGED = "share_changed", _("Changed share link")
    SHARE_RESTORED = "share_restored", _("Restored share link")
    TAKE_SWAPPED = "take_swapped", _("Replaced the take behind a share link")
    TAKES_OFFERED = "takes_offered", _("Changed the takes that viewers choose among")
    TAKE_PLANNED = "take_planned", _("Planned another take for a share link")
    TAKE_PLAN_DROPPED = "take_plan_dropped", _("Dropped the take planned for a share link")
    SHARE_POLICY_CHANGED = "share_policy_changed", _("Changed link policy")
    SHARE_PRESET_SAVED = "share_preset_saved", _("Saved link preset")
    SHARE_PRESET_CHANGED = "share_preset_changed", _("Changed link preset")
    SHARE_PRESET_DELETED = "share_preset_deleted", _("Deleted link preset")
    SHARES_CREATED = "shares_created", _("Created personal share links")
    SHARE_SENT = "share_sent", _("Sent share link")
    SHARE_CLOSED = "share_closed", _("Staff closed share link")
    SHARE_REOPENED = "share_reopened", _("Staff reopened share link")
    SHARES_FROZEN = "shares_frozen", _("Staff froze all share links")
    SHARES_UNFROZEN = "shares_unfrozen", _("Staff unfroze all share links")
    REPORTS_DISMISSED = "reports_dismissed", _("Staff dismissed reports")
    SHARES_REPAIRED = "shares_repaired", _("Changed many share links")

    BRANDING_CHANGED = "branding_changed", _("Changed branding")

    VIDEO_APPROVED = "video_approved", _("Approved video")
    CHANGES_REQUESTED = "changes_requested", _("Requested changes")
    VERDICT_WITHDRAWN = "verdict_withdrawn", _("Withdrew an approval or a request")
    APPROVAL_REQUESTED = "approval_requested", _("Asked for approvals")
    APPROVAL_REQUEST_ENDED = "approval_request_ended", _("Stopped asking for approvals")
    COMMENT_DELETED = "comment_deleted", _("Deleted comment")

    CERTIFICATE_KEY_ROTATED = "certificate_key_rotated", _("Rotated certificate key")
    FIELD_KEYS_ROTATED = "field_keys_rotated", _("Rotated field keys")
    AUDIT_LOG_READ = "audit_log_read", _("Read audit log")
    AUDIT_LOG_EXPORTED = "audit_log_exported", _("Exported audit log")
    AUDIT_LOG_TRIMMED = "audit_log_trimmed", _("Trimmed audit log")
    ADMIN_ADDED = "admin_added", _("Added in the admin")
    ADMIN_CHANGED = "admin_changed", _("Changed in the admin")
    ADMIN_DELETED = "admin_deleted", _("Deleted in the admin")


def action_choices() -> list[tuple[str, str]]:
    """Choices as a callable, so that adding an action needs no migration."""
    return [(each.value, str(each.label)) for each in AuditAction]
