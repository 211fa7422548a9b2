import secrets
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from tavusweb.keys.models import APIKey
from tavusweb.workspaces.models import Workspace

from .. import naming, waiting
from ..life import AT_TAVUS, NEXT, PENDING, FailureAdvice, Status, Wait
from ..pace import WATCHED_FOR
from .audio import AudioFile
from .event import VideoEvent

if TYPE_CHECKING:
    from tavusweb.accounts.models import User

UNSURE_FOR_LONG = timedelta(minutes=3)
SEND_LEASE = timedelta(seconds=40)  # a submission that takes longer has lost its process


class ForbiddenMove(Exception):
    """A status change that the life of a video does not have."""

    def __init__(self, video: "Video", to: Status) -> None:
        super().__init__(f"video {video.pk}: {video.status} → {to} is not in the table")


class Background(models.TextChoices):
    NONE = "none", "The replica's own"
    PAGE = "page", "Web page"
    VIDEO = "video", "Video"


class VideoQuerySet(models.QuerySet["Video"]):
    def newest_first(self) -> "VideoQuerySet":
        return self.order_by("-created_at", "-id")

    def search(self, words: str) -> "VideoQuerySet":
        """Videos whose title, script, replica or Tavus id holds every one of `words`."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(
                Q(title__icontains=word)
                | Q(script__icontains=word)
                | Q(replica_name__icontains=word)
                | Q(replica_id__iexact=word)
                | Q(tavus_id__iexact=word)
            )
        return found

    def pending(self) -> "VideoQuerySet":
        return self.filter(status__in=PENDING)

    def waiting_to_go(self, at: datetime) -> "VideoQuerySet":
        return self.filter(status=Status.WAITING, next_attempt_at__lte=at)

    def in_production(self, key: APIKey, *, or_unsure: bool = False) -> "VideoQuerySet":
        """What this key has at Tavus; with `or_unsure` also what it may have there."""
        statuses = AT_TAVUS | {Status.UNSURE} if or_unsure else AT_TAVUS
        return self.filter(api_key=key, status__in=statuses)

    def handed_over(self) -> "VideoQuerySet":
        """What Tavus has, or may have, under the key as it is now."""
        return self.filter(status__in=AT_TAVUS | {Status.SENDING, Status.UNSURE})

    def watched(self, at: datetime) -> "VideoQuerySet":
        return self.filter(watched_at__gt=at - WATCHED_FOR)

    def due(self, at: datetime) -> "VideoQuerySet":
        """Videos to look at now at Tavus, and held by nobody."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lte=at), next_poll_at__lte=at)

    def make_due(self) -> int:
        """Have these looked at in the next round, also if somebody holds them: the late answer is then dropped."""
        return self.exclude(next_poll_at=None).update(next_poll_at=timezone.now(), lease_until=None)

    def orphaned(self, at: datetime) -> "VideoQuerySet":
        """Videos whose process died between the claim and the answer."""
        return self.filter(status=Status.SENDING, lease_until__lte=at)


ALWAYS = Q()


def key_to_wait_with() -> Coalesce:
    """What waits is sent with the key that people see, also when it came back from an old secret of that key."""
    successor = APIKey.objects.filter(pk=OuterRef("api_key_id")).values("successor_id")
    return Coalesce(Subquery(successor), F("api_key_id"))


class Video(models.Model):
    """One video job: what was asked, where it stands, what came out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="videos")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    # What was asked.
    title = models.CharField(max_length=120, blank=True)
    api_key = models.ForeignKey(
        APIKey, models.PROTECT, null=True, blank=True, related_name="videos", verbose_name="API key"
    )
    replica_id = models.CharField("replica", max_length=200, blank=True)
    replica_name = models.CharField(max_length=200, blank=True, editable=False)
    script = models.TextField(blank=True)
    audio = models.ForeignKey(AudioFile, models.SET_NULL, null=True, blank=True, related_name="videos")
    audio_url = models.URLField("audio URL", max_length=2000, blank=True)
    background = models.CharField(max_length=5, choices=Background.choices, default=Background.NONE)
    background_url = models.URLField("background URL", max_length=2000, blank=True)
    background_scroll = models.BooleanField("scroll the page", default=True)
    background_scroll_type = models.CharField(
        "scroll like", max_length=6, default="human", choices=[("human", "A person"), ("smooth", "A machine, smoothly")]
    )
    background_scroll_depth = models.CharField(
        "scroll to", max_length=6, default="middle", choices=[("middle", "The middle"), ("bottom", "The bottom")]
    )
    background_scroll_return = models.CharField(
        "at the end", max_length=6, default="return", choices=[("return", "Go back to the top"), ("halt", "Stay there")]
    )
    watermark_image_url = models.URLField("watermark image URL", max_length=2000, blank=True)
    fast = models.BooleanField("fast render", default=False)
    transparent_background = models.BooleanField("transparent background", default=False)
    start_with_wave = models.BooleanField("start with a wave", default=True)

    # Where it stands.
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False)
    status_at = models.DateTimeField(default=timezone.now, editable=False)
    wait = models.CharField("waits because", max_length=20, choices=Wait.choices, blank=True, editable=False)
    wait_detail = models.CharField(max_length=500, blank=True, editable=False)
    next_attempt_at = models.DateTimeField(null=True, blank=True, editable=False)
    attempt = models.PositiveIntegerField("submissions", default=0, editable=False)
    submission_name = models.CharField(max_length=200, blank=True, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    progress = models.PositiveSmallIntegerField(default=0, editable=False)
    expected_seconds = models.PositiveIntegerField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    failure_code = models.CharField(max_length=30, blank=True, editable=False)

    # What Tavus says.
    tavus_id = models.CharField("Tavus id", max_length=200, blank=True, db_index=True, editable=False)
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
            models.Index(fields=["api_key", "next_poll_at"], condition=Q(next_poll_at__isnull=False), name="video_due"),
            models.Index(fields=["api_key", "next_attempt_at"], condition=Q(status="waiting"), name="video_waiting"),
            models.Index(fields=["lease"], condition=Q(lease_until__isnull=False), name="video_lease"),
            models.Index("api_key", models.F("finished_at").desc(), condition=Q(status="ready"), name="video_finished"),
            models.Index(fields=["late_at"], condition=Q(late_at__isnull=False), name="video_late"),
            models.Index(fields=["lease_until"], condition=Q(status="sending"), name="video_sending"),
            models.Index(fields=["api_key", "status"], name="video_by_key"),
        ]

    def __str__(self) -> str:
        return self.display_title

    def get_absolute_url(self) -> str:
        return reverse("video", args=[self.workspace.slug, self.pk])

    # Questions.

    @property
    def display_title(self) -> str:
        return self.title or "Untitled"

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
    def is_unsure_for_long(self) -> bool:
        """Whether the search has lasted longer than it should: Tavus's list does not tell."""
        return self.is_unsure and timezone.now() - self.status_at > UNSURE_FOR_LONG

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
        return not self.wants_delete and (self.is_draft or Status.DELETED in NEXT[Status(self.status)])

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
        return waiting.reason(self).label

    @property
    def waits_until(self) -> datetime | None:
        return waiting.until(self)

    @property
    def may_become(self) -> frozenset[Status]:
        return NEXT[Status(self.status)]

    def is_watched(self, at: datetime) -> bool:
        return self.watched_at is not None and self.watched_at > at - WATCHED_FOR

    @property
    def submission_mark(self) -> str:
        """What its last submission is found by at Tavus."""
        return naming.mark(self.pk, self.attempt)

    # Moves.

    def _move(
        self,
        to: Status,
        *,
        by: "User | None" = None,
        text: str = "",
        said: str = "",
        only: Q = ALWAYS,
        **changes: Any,
    ) -> bool:
        """Change the status and write the timeline, unless another process moved the row first.

        The attempt tells a status from the same one in a later submission: what is learned of one is no news of the next.
        """
        was = Status(self.status)
        if to not in NEXT[was]:
            raise ForbiddenMove(self, to)
        changes |= {"status": to, "status_at": timezone.now()}
        if to == Status.WAITING:
            changes["api_key"] = key_to_wait_with()
        with transaction.atomic():
            if not Video.objects.filter(only, pk=self.pk, status=was, attempt=self.attempt).update(**changes):
                return False
            self._note(text, by=by, said=said, from_status=was, to_status=to)
        for name, value in changes.items():
            if not hasattr(value, "resolve_expression"):
                setattr(self, name, value)
        return True

    def _note(self, text: str, *, by: "User | None" = None, said: str = "", **moved: str) -> None:
        VideoEvent.objects.create(video_id=self.pk, actor=by, text=text[:300], said=said[:2000], **moved)

    def enqueue(self, *, by: "User") -> bool:
        """Put a draft into our queue."""
        return self._move(
            Status.WAITING, by=by, text="Asked for", wait=Wait.TURN, wait_detail="", next_attempt_at=timezone.now()
        )

    def try_again(self, *, by: "User") -> bool:
        """Put a failed or cancelled video back into our queue, as a new submission."""
        return self._move(
            Status.WAITING,
            by=by,
            text="Tried again",
            wait=Wait.TURN,
            wait_detail="",
            next_attempt_at=timezone.now(),
            progress=0,
            failure_code="",
            finished_at=None,
            tavus_id="",
            remote_status="",
            remote_details="",
            hosted_url="",
            download_url="",
            stream_url="",
            thumbnail_url="",
            gif_url="",
            remote_created_at=None,
            remote_updated_at=None,
        )

    def cancel(self, *, by: "User") -> bool:
        return self._move(Status.CANCELLED, by=by, text="Cancelled", wait="", wait_detail="", next_attempt_at=None)

    def claim(self) -> bool:
        """Take this video for submission with `api_key` as it was loaded.

        False if another process has it, or the key was frozen or replaced since. Raises ForbiddenMove unless it waits.
        """
        attempt = self.attempt + 1
        now = timezone.now()
        key = self.api_key
        as_loaded = key and Q(
            Exists(APIKey.objects.filter(pk=OuterRef("api_key_id"), frozen_at=None, sealed=key.sealed))
        )
        return self._move(
            Status.SENDING,
            only=as_loaded or ALWAYS,
            text="Sending to Tavus",
            attempt=attempt,
            submission_name=naming.name_at_tavus(self.display_title, self.pk, attempt),
            submitted_at=now,
            next_attempt_at=None,
            lease=secrets.token_hex(8),
            lease_until=now + SEND_LEASE,
        )

    def put_back(self, wait: Wait, *, until: datetime, said: str = "") -> bool:
        """Wait again: Tavus has clearly not taken the submission, for a reason that passes."""
        return self._move(
            Status.WAITING,
            text=wait.label,
            said=said,
            wait=wait,
            wait_detail=said[:500],
            next_attempt_at=until,
            lease_until=None,
            next_poll_at=None,
        )

    def refuse(self, said: str) -> bool:
        """Tavus refused the request itself."""
        return self._move(
            Status.FAILED,
            text="Refused by Tavus",
            said=said,
            failure_code="refused",
            remote_details=said[:2000],
            finished_at=timezone.now(),
            lease_until=None,
            wait="",
        )

    def doubt(self, said: str, *, look_at: datetime) -> bool:
        """It is unknown whether Tavus took the submission: look its name up before anything else."""
        return self._move(
            Status.UNSURE,
            text="No clear answer from Tavus; looking whether it has the video",
            said=said,
            next_poll_at=look_at,
            lease_until=None,
            poll_failures=0,
        )

    def adopt(self, tavus_id: str, *, said: str = "", text: str = "Accepted by Tavus", **remote: Any) -> bool:
        """Tavus has the submission under this id."""
        return self._move(
            Status.QUEUED, text=text, said=said, tavus_id=tavus_id, lease_until=None, wait="", wait_detail="", **remote
        )

    def decide_it_is_absent(self, *, by: "User") -> bool:
        """A person has looked: Tavus does not have it, so it is sent again."""
        return self._move(
            Status.WAITING,
            by=by,
            text="Sent again by decision",
            wait=Wait.TURN,
            next_attempt_at=timezone.now(),
            next_poll_at=None,
            lease_until=None,
        )

    def decide_it_is(self, tavus_id: str, *, by: "User") -> bool:
        """A person has looked: Tavus has it under this id. The next poll tells whether that is so."""
        return self._move(
            Status.QUEUED,
            by=by,
            text="Found at Tavus by a person",
            said=tavus_id,
            tavus_id=tavus_id,
            wait="",
            next_poll_at=timezone.now(),
            lease_until=None,
        )

    def mirror(self, to: Status, *, text: str, said: str = "", **remote: Any) -> bool:
        """Follow a status change at Tavus."""
        return self._move(to, text=text, said=said, **remote)

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

    def record_deleted(self, *, text: str, said: str = "", hard: bool = False) -> bool:
        return self._move(Status.DELETED, text=text, said=said, next_poll_at=None, **self._emptied(hard))

    @staticmethod
    def _emptied(hard: bool) -> dict[str, Any]:
        """What a deletion takes from the row: the provider's addresses, and for good also what was said."""
        gone: dict[str, Any] = dict.fromkeys(
            ("hosted_url", "download_url", "stream_url", "thumbnail_url", "gif_url"), ""
        )
        return gone | {"wants_delete": ""} | ({"script": "", "audio": None, "audio_url": ""} if hard else {})
