"""Everything that the audit log writes down, by name."""

from django.db import models


class AuditAction(models.TextChoices):
    """Everything that is written down, and nothing else."""

    SIGNED_IN = "signed_in", "Signed in"
    SIGN_IN_FAILED = "sign_in_failed", "Sign-in failed"
    CONFIRM_FAILED = "confirm_failed", "Could not confirm who they are"
    RESET_ASKED = "reset_asked", "Asked for a new password"
    SIGNED_OUT = "signed_out", "Signed out"
    SESSION_ENDED = "session_ended", "Signed out another session"
    ACCOUNT_MADE = "account_made", "Made an account"
    ACCOUNT_CHANGED = "account_changed", "Changed the account"

    ENTERED = "entered", "Came in"
    REFUSED = "refused", "Was refused"
    WORKSPACE_CREATED = "workspace_created", "Created the workspace"
    WORKSPACE_DELETED = "workspace_deleted", "Deleted the workspace"
    SETTINGS_CHANGED = "settings_changed", "Changed the settings"

    MEMBER_INVITED = "member_invited", "Invited somebody"
    INVITATION_RENEWED = "invitation_renewed", "Sent an invitation again"
    INVITATION_REVOKED = "invitation_revoked", "Revoked an invitation"
    MEMBER_JOINED = "member_joined", "Joined"
    ROLE_CHANGED = "role_changed", "Changed a role"
    OWNERSHIP_HANDED_OVER = "ownership_handed_over", "Handed the workspace over"
    MEMBER_REMOVED = "member_removed", "Removed a member"
    MEMBER_LEFT = "member_left", "Left"

    KEY_ADDED = "key_added", "Added an API key"
    KEY_REPLACED = "key_replaced", "Replaced an API key"
    KEY_RENAMED = "key_renamed", "Renamed an API key"
    KEY_LIMITED = "key_limited", "Changed an API key's limit"
    KEY_FROZEN = "key_frozen", "Froze an API key"
    KEY_THAWED = "key_thawed", "Unfroze an API key"
    KEY_PREFERRED = "key_preferred", "Made an API key the default"
    KEY_DELETED = "key_deleted", "Deleted an API key"

    VIDEO_ASKED = "video_asked", "Asked for a video"
    VIDEO_TRIED_AGAIN = "video_tried_again", "Tried a video again"
    VIDEO_DECIDED = "video_decided", "Decided on an unsure submission"
    VIDEO_COPY_DELETED = "video_copy_deleted", "Deleted an extra copy of a video"
    VIDEO_RENAMED = "video_renamed", "Renamed a video"
    VIDEO_CANCELLED = "video_cancelled", "Cancelled a video"
    VIDEO_DELETED = "video_deleted", "Deleted a video"

    SHARE_CREATED = "share_created", "Created a share link"
    SHARE_REVOKED = "share_revoked", "Revoked a share link"
    SHARE_DENIED = "share_denied", "Was denied a share page"

    SEALS_RENEWED = "seals_renewed", "Began to seal everything anew"
    TRAIL_READ = "trail_read", "Read the trail in the back-office"
    TRAIL_EXPORTED = "trail_exported", "Exported the trail"
    TRAIL_TAKEN_ON = "trail_taken_on", "Took on the trail of an older workspace"
    TRAIL_CLOSED = "trail_closed", "Closed the trail's oldest part"
    ADMIN_ADDED = "admin_added", "Added in the back-office"
    ADMIN_CHANGED = "admin_changed", "Changed in the back-office"
    ADMIN_DELETED = "admin_deleted", "Deleted in the back-office"


def action_choices() -> list[tuple[str, str]]:
    """Called by the field, so that one more deed is no migration."""
    return AuditAction.choices
