"""The audit trail's rows. They are appended and never changed; `audit` writes and proves them."""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

INSTANCE = "instance"  # the name of the chain of what belongs to no workspace


class Deed(models.TextChoices):
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


def deeds() -> list[tuple[str, str]]:
    """Called by the field, so that one more deed is no migration."""
    return Deed.choices


class AppendOnly(Exception):
    """Somebody tried to change or remove what was written down."""


class AuditChain(models.Model):
    """The head of one workspace's trail, or of the instance's own. Whoever appends holds its row.

    `closed_…` is the signed checkpoint that stands for the events which retention has removed.
    """

    name = models.CharField(max_length=80, unique=True)
    workspace = models.OneToOneField(
        "workspaces.Workspace", models.SET_NULL, null=True, blank=True, related_name="audit_chain"
    )
    last_seq = models.PositiveBigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)
    closed_seq = models.PositiveBigIntegerField(default=0)
    closed_hash = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_seal = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_instances(self) -> bool:
        return self.name == INSTANCE

    @property
    def title(self) -> str:
        """Whose it is, for people."""
        if self.is_instances:
            return "This instance"
        return f"{self.workspace.name} ({self.workspace.slug})" if self.workspace else f"{self.name} (deleted)"

    @property
    def file_name(self) -> str:
        return self.workspace.slug if self.workspace else self.name.replace("#", "-")


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


class AuditEvent(models.Model):
    """Who did what, from where, to what, and what it was before and after.

    Without foreign keys to people and things: a trail that lost rows or values with them would be torn.
    """

    chain = models.ForeignKey(AuditChain, models.PROTECT, related_name="events")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField("who", max_length=254, blank=True)
    actor_pk = models.BigIntegerField(null=True, blank=True)
    address = models.CharField("from", max_length=45, blank=True)
    agent = models.CharField("with", max_length=200, blank=True)
    deed = models.CharField("what", max_length=30, choices=deeds)
    target = models.CharField("to what", max_length=200, blank=True)
    target_type = models.CharField(max_length=40, blank=True)
    target_pk = models.CharField(max_length=64, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="one_event_per_link")]
        indexes = [
            models.Index(fields=["chain", "deed", "seq"], name="audit_by_deed"),
            models.Index(fields=["chain", "actor_pk", "seq"], name="audit_by_actor"),
            models.Index(fields=["chain", "at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}: {self.what}"

    @property
    def what(self) -> str:
        return Deed(self.deed).label if self.deed in Deed.values else self.deed

    @property
    def by_whom(self) -> str:
        return self.actor or ("Nobody signed in" if self.address else "This server")

    @property
    def changes(self) -> list[dict[str, Any]]:
        """What was and what is, by name, in words."""
        return [
            {"name": name.replace("_", " "), "was": self.before.get(name), "is": self.after.get(name, "gone")}
            for name in sorted({*self.before, *self.after})
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly
