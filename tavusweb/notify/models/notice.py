import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ..kinds import GROUPS, Group, Kind, kind_choices
from .letter import Letter
from .preference import Mute, Preference

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

MOST_COUNTED = 100  # a larger exact count is of no use


class NoticeQuerySet(models.QuerySet["Notice"]):
    def active(self) -> "NoticeQuerySet":
        """Return notices that are neither withdrawn nor deleted by their recipient."""
        return self.filter(deleted_at=None, gone_at=None)

    def unmuted(self) -> "NoticeQuerySet":
        return self.exclude(Exists(Mute.objects.filter(user=OuterRef("recipient_id"), about=OuterRef("about"))))

    def inbox_of(self, user: "AbstractBaseUser", workspace: Any) -> "NoticeQuerySet":
        """Return the notices a person's inbox in a workspace can show, open or closed."""
        kinds_off = Preference.objects.filter(user=OuterRef("recipient_id"), kind=OuterRef("kind"), in_app=False)
        return self.active().filter(recipient=user.pk, workspace=workspace).exclude(Exists(kinds_off))

    def open(self) -> "NoticeQuerySet":
        return self.filter(closed_at=None)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(closed_at=None, read_at=None)

    def of_group(self, group: Group) -> "NoticeQuerySet":
        return self.filter(kind__in=GROUPS[group])

    def count_some(self) -> int:
        """Count up to MOST_COUNTED."""
        return self.order_by()[:MOST_COUNTED].count()


class Notice(models.Model):
    """One notification to one person: a kind and its data, never a sentence.

    `subject_key` names the event, which a person is told of once; `about` the thing, which can be muted. The worker looks
    at a notice when its mail is due; None when there is nothing more to mail.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    workspace = models.ForeignKey("workspaces.Workspace", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30, choices=kind_choices)
    subject_key = models.CharField(max_length=120)
    about = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    gone_at = models.DateTimeField(null=True, editable=False)
    mail_due_at = models.DateTimeField(default=timezone.now, null=True, editable=False)
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, editable=False, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "subject_key"], name="told_once_of_each_event")
        ]
        indexes = [
            models.Index(
                "recipient",
                "workspace",
                models.F("created_at").desc(),
                models.F("id").desc(),
                condition=Q(deleted_at=None, gone_at=None),
                name="notice_inbox",
            ),
            models.Index(
                fields=["recipient", "workspace"],
                condition=Q(read_at=None, closed_at=None, deleted_at=None, gone_at=None),
                name="notice_unread",
            ),
            models.Index(
                fields=["mail_due_at", "recipient"], condition=Q(mail_due_at__isnull=False), name="notice_mail_due"
            ),
            models.Index(fields=["about"], name="notice_about"),
            models.Index(fields=["subject_key"], name="notice_subject"),
            models.Index(fields=["created_at"], name="notice_age"),
        ]

    def __str__(self) -> str:
        return f"{Kind(self.kind).label if self.kind in Kind.values else self.kind}: {self.about}"

    @property
    def is_read(self) -> bool:
        return self.read_at is not None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None
