from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .status import Status


class EventKind(models.TextChoices):
    """What happened to a video. `timeline` has the words, and the data of each kind."""

    GENERATED = "generated", _("Created")
    SUBMITTING = "submitting", _("Sending to Tavus")
    ACCEPTED = "accepted", _("Accepted by Tavus")
    ADOPTED = "adopted", _("Found at Tavus")
    WAITING = "waiting", _("Waiting")
    REFUSED = "refused", _("Rejected by Tavus")
    UNSURE = "unsure", _("No clear response from Tavus. Checking whether it received the video.")
    ASKED_PERSON = "asked_person", _("Needs a decision")
    RESENT = "resent", _("Not at Tavus. Sent again.")
    RESOLVED = "resolved", _("Resolved: Tavus has this video")
    RESOLVED_MISSING = "resolved_missing", _("Resolved: Tavus doesn’t have this video")
    RETRIED = "retried", _("Retried")
    SPENDING_APPROVED = "spending_approved", _("Cost approved")
    SPENDING_DECLINED = "spending_declined", _("Cost declined")
    CANCELLED = "cancelled", _("Cancelled")
    RENDERING = "rendering", _("Rendering started")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed at Tavus")
    DELETE_REQUESTED = "delete_requested", _("Deletion requested")
    DELETED = "deleted", _("Deleted")
    GONE = "gone", _("No longer at Tavus")
    TRASHED = "trashed", _("Moved to trash")
    RESTORED = "restored", _("Restored")
    RENAMED = "renamed", _("Renamed")
    TAKE_SHOWN = "take_shown", _("Put behind a share link")
    TAKE_REPLACED = "take_replaced", _("Replaced behind a share link")
    TAKE_PLANNED = "take_planned", _("Goes behind a share link when it’s ready")
    EXTRA_COPY_FOUND = "extra_copy_found", _("Extra copy found at Tavus")
    EXTRA_COPY_DELETE_REQUESTED = "extra_copy_delete", _("Deletion of the extra copy requested")
    EXTRA_COPY_DELETED = "extra_copy_deleted", _("Extra copy deleted at Tavus")
    EXTRA_COPY_NOT_FOUND = "extra_copy_not_found", _("Extra copy not found at Tavus")
    SLOW = "slow", _("Taking longer than usual")
    STUCK = "stuck", _("Stuck at Tavus. The operator has been notified in the server log.")


class VideoEvent(models.Model):
    """A line of a video's timeline: who, when, what, the status before and after, and the message from the provider.

    `data` is flat and small; `timeline` has what each kind stores there, and its words.
    """

    video = models.ForeignKey("videos.Video", models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(_("what happened"), max_length=20, choices=EventKind.choices)
    from_status = models.CharField(max_length=12, choices=Status.choices, blank=True)
    to_status = models.CharField(max_length=12, choices=Status.choices, blank=True)
    data = models.JSONField(default=dict, blank=True)
    provider_message = models.TextField(_("message from Tavus"), blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["video", "at"])]

    def __str__(self) -> str:
        return str(EventKind(self.kind).label) if self.kind in EventKind.values else self.kind
