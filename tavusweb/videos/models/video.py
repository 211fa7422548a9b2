import secrets
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tavusweb.search_field import FoldedField

from .. import wait_reasons
from ..failure_advice import OF_INPUT, advice_on
from .copy import RemoteCopy
from .queryset import IS_PENDING, WATCHED_FOR, VideoQuerySet
from .status import AT_TAVUS, PENDING, Lateness, Status
from .trash import TrashMixin

NEWEST_FIRST = (models.F("created_at").desc(), models.F("id").desc())


class Video(TrashMixin):
    """One video job: its spec, its status and its result."""

    # From Tavus.
    remote_status = models.CharField(max_length=60, blank=True, editable=False)
    remote_details = models.TextField(blank=True, editable=False)
    hosted_url = models.URLField(max_length=4096, blank=True, editable=False)
    download_url = models.URLField(max_length=4096, blank=True, editable=False)
    stream_url = models.URLField(max_length=4096, blank=True, editable=False)
    thumbnail_url = models.URLField(max_length=4096, blank=True, editable=False)
    gif_url = models.URLField(max_length=4096, blank=True, editable=False)
    remote_created_at = models.DateTimeField(null=True, blank=True, editable=False)
    remote_updated_at = models.DateTimeField(null=True, blank=True, editable=False)

    # Searched columns.
    title_folded = FoldedField("title")
    script_folded = FoldedField("script")
    replica_folded = FoldedField("replica_name")

    # Polling: when next, and by whom.
    next_poll_at = models.DateTimeField(null=True, blank=True, editable=False)
    polled_at = models.DateTimeField(null=True, blank=True, editable=False)
    poll_failures = models.PositiveIntegerField(default=0, editable=False)
    not_found_count = models.PositiveIntegerField(gettext_lazy("not-found answers in a row"), default=0, editable=False)
    watched_at = models.DateTimeField(null=True, blank=True, editable=False)
    lease = models.CharField(max_length=16, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    lateness = models.CharField(max_length=5, blank=True, editable=False, choices=Lateness.choices)
    late_at = models.DateTimeField(null=True, blank=True, editable=False)
    defect = models.CharField(gettext_lazy("reason for quarantine"), max_length=300, blank=True, editable=False)
    defect_at = models.DateTimeField(null=True, blank=True, editable=False)
    callback_secret = models.CharField(max_length=43, unique=True, default=secrets.token_urlsafe, editable=False)
    wants_rename = models.BooleanField(default=False, editable=False)

    original = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="duplicates"
    )  # the first of the chain of duplicates

    objects = VideoQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("workspace", *NEWEST_FIRST, condition=Q(trashed_at=None), name="video_library"),
            models.Index("workspace", "status", *NEWEST_FIRST, condition=Q(trashed_at=None), name="video_by_status"),
            models.Index(
                "workspace",
                models.F("created_at").desc(),
                models.F("id").desc(),
                condition=IS_PENDING,
                name="video_pending",
            ),
            *(
                models.Index("workspace", column, models.F("created_at").desc(), models.F("id").desc(), name=name)
                for column, name in (
                    ("created_by", "video_by_person"),
                    ("replica_id", "video_by_replica"),
                    ("api_key", "video_of_key"),
                )
            ),
            models.Index(fields=["api_key", "next_poll_at"], condition=Q(next_poll_at__isnull=False), name="video_due"),
            models.Index(fields=["api_key", "next_attempt_at"], condition=Q(status="waiting"), name="video_waiting"),
            models.Index(fields=["lease"], condition=Q(lease_until__isnull=False), name="video_lease"),
            models.Index("api_key", models.F("finished_at").desc(), condition=Q(status="ready"), name="video_finished"),
            models.Index(fields=["late_at"], condition=Q(late_at__isnull=False), name="video_late"),
            models.Index(fields=["lease_until"], condition=Q(status="sending"), name="video_sending"),
            models.Index(fields=["api_key", "status"], name="video_by_key"),
            models.Index(
                fields=["recheck_key", "recheck_at"], condition=Q(recheck_at__isnull=False), name="video_recheck"
            ),
            models.Index(fields=["workspace"], condition=~Q(asks=""), name="video_asking"),
            models.Index(fields=["trashed_at"], condition=Q(trashed_at__isnull=False), name="video_trash_age"),
            models.Index("workspace", *NEWEST_FIRST, condition=Q(trashed_at__isnull=False), name="video_trash"),
            models.Index(
                fields=["workspace", "reserved_at"], condition=Q(reserved_seconds__gt=0), name="video_reserved"
            ),
            models.Index(fields=["workspace", "spec_digest"], condition=~Q(spec_digest=""), name="video_same_spec"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("video", args=[self.workspace.slug, self.pk])

    def refresh_from_db(self, using: str | None = None, fields: Any = None, from_queryset: Any = None) -> None:
        """Read all columns that a query left out once one of them is asked for: one more query, not one for each."""
        missing = self.get_deferred_fields()
        if fields is not None and missing.intersection(fields):
            fields = missing.union(fields)
        super().refresh_from_db(using, fields, from_queryset)

    # Questions.

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
        """Whether a person has to decide what happened to the submission."""
        return self.is_unsure and bool(self.asks)

    @property
    def extra_copies(self) -> "models.QuerySet[RemoteCopy]":
        return self.copies.filter(kind=RemoteCopy.Kind.EXTRA)

    @property
    def is_from_before_replacement(self) -> bool:
        """Whether it was submitted with a previous secret of its key, possibly to another account."""
        replaced_at = self.api_key.replaced_at if self.api_key else None
        return replaced_at is not None and (self.submitted_at or self.status_at) <= replaced_at

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
    def is_stuck(self) -> bool:
        return self.lateness == Lateness.STUCK

    @property
    def options(self) -> list[str]:
        """The chosen options, in words."""
        chosen = [
            (self.fast, _("Fast render")),
            (self.transparent_background, _("Transparent background")),
            (self.start_with_wave, _("Starts with a wave")),
        ]
        return [str(label) for is_chosen, label in chosen if is_chosen] or [_("None")]

    @property
    def can_cancel(self) -> bool:
        return self.status == Status.WAITING

    @property
    def can_retry(self) -> bool:
        return self.status in {Status.FAILED, Status.CANCELLED} and not self.wants_delete and not self.is_trashed

    @property
    def can_rename(self) -> bool:
        return not self.is_deleted and not self.is_trashed

    @property
    def needs_edit(self) -> bool:
        """Whether it failed because of what was asked, so that a retry can succeed only with another request."""
        return self.is_failed and self.failure_code in OF_INPUT

    @property
    def failure_advice(self) -> str:
        return advice_on(self.failure_code)

    @property
    def why_it_waits(self) -> str:
        return str(wait_reasons.decision_of(self).wait.label)

    @property
    def waits_until(self) -> datetime | None:
        return wait_reasons.decision_of(self).until

    def is_watched(self, at: datetime) -> bool:
        return self.watched_at is not None and self.watched_at > at - WATCHED_FOR
