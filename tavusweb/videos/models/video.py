import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from .. import wait_reasons
from ..failure_advice import FailureAdvice
from .copy import RemoteCopy
from .status import AT_TAVUS, PENDING, Status
from .transitions import TransitionsMixin

if TYPE_CHECKING:
    from tavusweb.accounts.models import User
from .queryset import IS_PENDING, WATCHED_FOR, VideoQuerySet


class Video(TransitionsMixin):
    """One video job: what was asked, where it stands, what came out."""

    # What Tavus says.
    remote_status = models.CharField(max_length=60, blank=True, editable=False)
    remote_details = models.TextField(blank=True, editable=False)
    hosted_url = models.URLField(max_length=4096, blank=True, editable=False)
    download_url = models.URLField(max_length=4096, blank=True, editable=False)
    stream_url = models.URLField(max_length=4096, blank=True, editable=False)
    thumbnail_url = models.URLField(max_length=4096, blank=True, editable=False)
    gif_url = models.URLField(max_length=4096, blank=True, editable=False)
    remote_created_at = models.DateTimeField(null=True, blank=True, editable=False)
    remote_updated_at = models.DateTimeField(null=True, blank=True, editable=False)

    # When it is looked at next, and by whom.
    next_poll_at = models.DateTimeField(null=True, blank=True, editable=False)
    polled_at = models.DateTimeField(null=True, blank=True, editable=False)
    poll_failures = models.PositiveIntegerField(default=0, editable=False)
    watched_at = models.DateTimeField(null=True, blank=True, editable=False)
    lease = models.CharField(max_length=16, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    lateness = models.CharField(
        max_length=5, blank=True, editable=False, choices=[("slow", "Slow"), ("stuck", "Stuck")]
    )
    late_at = models.DateTimeField(null=True, blank=True, editable=False)
    defect = models.CharField("why it was set aside", max_length=300, blank=True, editable=False)
    defect_at = models.DateTimeField(null=True, blank=True, editable=False)
    callback_secret = models.CharField(max_length=43, unique=True, default=secrets.token_urlsafe, editable=False)
    wants_rename = models.BooleanField(default=False, editable=False)
    wants_delete = models.CharField(
        max_length=4, blank=True, editable=False, choices=[("soft", "soft"), ("hard", "hard")]
    )

    objects = VideoQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("workspace", models.F("created_at").desc(), models.F("id").desc(), name="video_library"),
            models.Index(
                "workspace", "status", models.F("created_at").desc(), models.F("id").desc(), name="video_by_status"
            ),
            models.Index(
                "workspace",
                models.F("created_at").desc(),
                models.F("id").desc(),
                condition=IS_PENDING,
                name="video_pending",
            ),
            models.Index(fields=["api_key", "next_poll_at"], condition=Q(next_poll_at__isnull=False), name="video_due"),
            models.Index(fields=["api_key", "next_attempt_at"], condition=Q(status="waiting"), name="video_waiting"),
            models.Index(fields=["lease"], condition=Q(lease_until__isnull=False), name="video_lease"),
            models.Index("api_key", models.F("finished_at").desc(), condition=Q(status="ready"), name="video_finished"),
            models.Index(fields=["late_at"], condition=Q(late_at__isnull=False), name="video_late"),
            models.Index(fields=["lease_until"], condition=Q(status="sending"), name="video_sending"),
            models.Index(fields=["api_key", "status"], name="video_by_key"),
            models.Index(fields=["api_key", "recheck_at"], condition=Q(recheck_at__isnull=False), name="video_recheck"),
            models.Index(fields=["workspace"], condition=~Q(asks=""), name="video_asking"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("video", args=[self.workspace.slug, self.pk])

    # Questions.

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def is_pending(self) -> bool:
        """Whether there is something to wait for."""
        return self.status in PENDING or bool(self.wants_delete)

    @property
    def is_rendering(self) -> bool:
        return self.status in AT_TAVUS

    @property
    def is_waiting(self) -> bool:
        return self.status == Status.WAITING

    @property
    def is_unsure(self) -> bool:
        return self.status == Status.UNSURE

    @property
    def asks_a_person(self) -> bool:
        """Whether a person has to decide what became of the submission."""
        return self.is_unsure and bool(self.asks)

    @property
    def extra_copies(self) -> "models.QuerySet[RemoteCopy]":
        return self.copies.filter(kind=RemoteCopy.Kind.EXTRA)

    @property
    def is_ready(self) -> bool:
        return self.status == Status.READY

    @property
    def is_failed(self) -> bool:
        return self.status == Status.FAILED

    @property
    def is_deleted(self) -> bool:
        return self.status == Status.DELETED

    @property
    def can_cancel(self) -> bool:
        return self.status == Status.WAITING

    @property
    def can_try_again(self) -> bool:
        return self.status in {Status.FAILED, Status.CANCELLED} and not self.wants_delete

    @property
    def can_delete(self) -> bool:
        return not self.wants_delete and (self.is_draft or Status.DELETED in self.may_become)

    @property
    def can_rename(self) -> bool:
        return not self.is_deleted

    @property
    def is_at_tavus(self) -> bool:
        """Whether Tavus has it, and is asked to delete it there too."""
        return bool(self.tavus_id) and self.api_key is not None and self.api_key.may_be_asked

    @property
    def failure_advice(self) -> str:
        return FailureAdvice.BY_CODE.get(self.failure_code, FailureAdvice.BY_CODE["unknown"])

    @property
    def why_it_waits(self) -> str:
        return wait_reasons.reason(self).label

    @property
    def waits_until(self) -> datetime | None:
        return wait_reasons.until(self)

    def is_watched(self, at: datetime) -> bool:
        return self.watched_at is not None and self.watched_at > at - WATCHED_FOR

    # What people do beside the moves.

    def rename(self, title: str, *, by: "User") -> None:
        """Change the title here at once, and at Tavus with the next poll."""
        with transaction.atomic():
            changes: dict[str, Any] = {"title": title}
            if self.tavus_id:
                changes |= {"wants_rename": True, "next_poll_at": timezone.now(), "lease_until": None}
            Video.objects.filter(pk=self.pk).update(**changes)
            if not self.is_draft:
                self._note(f"Renamed to “{title}”", by=by)
        self.title = title

    def ask_to_delete(self, *, by: "User", hard: bool) -> bool:
        """Delete the video: here at once when Tavus never had it, else at Tavus first, by the worker."""
        if self.is_draft:
            self.delete()
            return True
        if not self.is_at_tavus:
            return self._move(Status.DELETED, by=by, text="Deleted here", **self._emptied(hard))
        with transaction.atomic():
            asked = Video.objects.filter(pk=self.pk, status=self.status, wants_delete="").update(
                wants_delete="hard" if hard else "soft", next_poll_at=timezone.now(), lease_until=None
            )
            if asked:
                self._note("Asked to delete it for good" if hard else "Asked to delete it", by=by)
        return bool(asked)

    def ask_to_delete_copy(self, copy: RemoteCopy, *, by: "User") -> bool:
        """Have an extra copy deleted at Tavus, by the worker; False when that was asked for already."""
        asked = self.extra_copies.filter(pk=copy.pk, delete_at=None, deleted_at=None)
        with transaction.atomic():
            if not asked.update(delete_at=timezone.now()):
                return False
            self._note("Asked to delete an extra copy at Tavus", by=by, said=copy.tavus_id)
        return True
