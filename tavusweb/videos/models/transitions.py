import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from tavusweb.keys.models import APIKey

from .. import naming
from ..wait_reasons import Wait
from .copy import RemoteCopy, spoken_seconds
from .event import VideoEvent
from .spec import VideoSpec
from .status import TRANSITIONS, Ask, Status

if TYPE_CHECKING:
    from tavusweb.accounts.models import User

SEND_LEASE = timedelta(seconds=40)  # a submission that takes longer has lost its process
FIRST_RECHECK = timedelta(minutes=1)
ALWAYS = Q()
# What was learned while a submission was unsure; the timeline keeps what is worth keeping.
SETTLED: dict[str, Any] = {"missing_since": None, "asks": "", "search_report": {}}


def key_to_wait_with() -> Coalesce:
    """What waits is sent with the key that people see, also when it came back from an old secret of that key."""
    successor = APIKey.objects.filter(pk=OuterRef("api_key_id")).values("successor_id")
    return Coalesce(Subquery(successor), F("api_key_id"))


class InvalidTransition(Exception):
    """A status change that the life of a video does not have."""

    def __init__(self, video: "TransitionsMixin", to: Status) -> None:
        super().__init__(f"video {video.pk}: {video.status} → {to} is not in the table")


class TransitionsMixin(VideoSpec):
    """Where a video stands, and every way in which it can get on. `status` has the table."""

    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False)
    status_at = models.DateTimeField(default=timezone.now, editable=False)
    wait = models.CharField("waits because", max_length=20, choices=Wait.choices, blank=True, editable=False)
    wait_detail = models.CharField(max_length=500, blank=True, editable=False)
    next_attempt_at = models.DateTimeField(null=True, blank=True, editable=False)
    attempt = models.PositiveIntegerField("submissions", default=0, editable=False)
    submission_name = models.CharField(max_length=200, blank=True, editable=False)
    is_named_by_us = models.BooleanField("its name at Tavus is ours", default=True, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    tavus_id = models.CharField("Tavus id", max_length=200, blank=True, db_index=True, editable=False)
    progress = models.PositiveSmallIntegerField(default=0, editable=False)
    expected_seconds = models.PositiveIntegerField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    failure_code = models.CharField(max_length=30, blank=True, editable=False)

    # What is known of a submission without a clear answer.
    missing_since = models.DateTimeField("first proven absent at", null=True, blank=True, editable=False)
    resent_at = models.DateTimeField("sent again by itself at", null=True, blank=True, editable=False)
    process_deaths = models.PositiveSmallIntegerField(default=0, editable=False)
    asks = models.CharField("asks a person because", max_length=20, choices=Ask.choices, blank=True, editable=False)
    search_report = models.JSONField(default=dict, blank=True, editable=False)
    has_extra_copies = models.BooleanField(default=False, editable=False)
    recheck_at = models.DateTimeField("look for extra copies at", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def may_become(self) -> frozenset[Status]:
        return TRANSITIONS[Status(self.status)]

    @property
    def mark_id(self) -> str:
        """What every submission of this video is found by at Tavus."""
        return naming.mark_id(self.pk)

    @property
    def submission_mark(self) -> str:
        """What the name of its last submission ends with."""
        return str(naming.Mark.of(self.pk, self.attempt))

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
        if to not in TRANSITIONS[was]:
            raise InvalidTransition(self, to)
        changes |= {"status": to, "status_at": timezone.now()}
        if to == Status.WAITING:
            changes["api_key"] = key_to_wait_with()
        unmoved = type(self)._default_manager.filter(only, pk=self.pk, status=was, attempt=self.attempt)
        with transaction.atomic():
            if not unmoved.update(**changes):
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
        with transaction.atomic():
            left_behind, attempt = self.tavus_id, self.attempt
            moved = self._start_over(by=by)
            if moved and left_behind:
                RemoteCopy.objects.get_or_create(
                    video_id=self.pk,
                    tavus_id=left_behind,
                    defaults={"kind": RemoteCopy.Kind.PAST, "attempt": attempt},
                )
        return moved

    def _start_over(self, *, by: "User") -> bool:
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
            resent_at=None,
            process_deaths=0,
            **SETTLED,
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
        # Locked until the claim is written: a replacement either finds it, or has been and is found here.
        keys = APIKey.objects.select_for_update(no_key=True).filter(pk=OuterRef("api_key_id"), frozen_at=None)
        as_loaded = key and Q(Exists(keys.filter(sealed=key.sealed)))
        return self._move(
            Status.SENDING,
            only=as_loaded or ALWAYS,
            text="Sending to Tavus",
            attempt=attempt,
            is_named_by_us=True,
            submission_name=naming.name_at_tavus(self.display_title, self.pk, attempt),
            submitted_at=now,
            next_attempt_at=None,
            lease=secrets.token_hex(8),
            lease_until=now + SEND_LEASE,
        )

    def requeue(self, wait: Wait, *, until: datetime, said: str = "") -> bool:
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

    def fail_refused(self, said: str) -> bool:
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

    def mark_unsure(self, said: str, *, search_at: datetime, **changes: Any) -> bool:
        """It is unknown whether Tavus took the submission: look its name up before anything else."""
        return self._move(
            Status.UNSURE,
            text="No clear answer from Tavus; looking whether it has the video",
            said=said,
            next_poll_at=search_at,
            lease_until=None,
            poll_failures=0,
            **(SETTLED | changes),
        )

    def adopt(self, tavus_id: str, *, said: str = "", text: str = "Accepted by Tavus", **remote: Any) -> bool:
        """Tavus has the submission under this id."""
        settled = {"lease_until": None, "wait": "", "wait_detail": "", "process_deaths": 0} | SETTLED
        return self._move(Status.QUEUED, text=text, said=said, tavus_id=tavus_id, **settled | remote)

    def send_again(self, said: str) -> bool:
        """Tavus has proven not to have it: send it again, the only time without a person."""
        now = timezone.now()
        return self._move(
            Status.WAITING,
            text="Not at Tavus; sent again",
            said=said,
            wait=Wait.TURN,
            wait_detail="",
            next_attempt_at=now,
            next_poll_at=None,
            lease_until=None,
            resent_at=now,
            recheck_at=now + FIRST_RECHECK,
            **SETTLED,
        )

    def ask_a_person(self, ask: Ask, *, said: str) -> bool:
        """Have a person decide what became of it; nothing is sent meanwhile."""
        unasked = type(self)._default_manager.filter(pk=self.pk, status=Status.UNSURE, asks="", attempt=self.attempt)
        with transaction.atomic():
            if not unasked.update(asks=ask):
                return False
            self._note(f"Not sent again. {ask.label}", said=said)
        self.asks = ask
        return True

    def record_extra(self, tavus_id: str, attempt: int) -> None:
        """Tavus has this video a second time, under another id."""
        seconds = spoken_seconds(self.script, self.audio.seconds if self.audio else None)
        with transaction.atomic():
            _, is_new = RemoteCopy.objects.get_or_create(
                video_id=self.pk,
                tavus_id=tavus_id,
                defaults={"kind": RemoteCopy.Kind.EXTRA, "attempt": attempt, "seconds": seconds},
            )
            if is_new:
                type(self)._default_manager.filter(pk=self.pk).update(has_extra_copies=True)
                self._note("Tavus has an extra copy of this video", said=tavus_id)

    def note_copy_deleted(self, tavus_id: str) -> None:
        self._note("Extra copy deleted at Tavus", said=tavus_id)

    def resolve_as_missing(self, *, by: "User") -> bool:
        """A person has looked: Tavus does not have it, so it is sent again."""
        now = timezone.now()
        return self._move(
            Status.WAITING,
            by=by,
            text="Sent again by decision",
            wait=Wait.TURN,
            next_attempt_at=now,
            next_poll_at=None,
            lease_until=None,
            recheck_at=now + FIRST_RECHECK,
            **SETTLED,
        )

    def resolve_as(self, tavus_id: str, *, by: "User") -> bool:
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
            is_named_by_us=False,
            recheck_at=timezone.now() + FIRST_RECHECK,
            **SETTLED,
        )

    def mirror(self, to: Status, *, text: str, said: str = "", **remote: Any) -> bool:
        """Follow a status change at Tavus."""
        return self._move(to, text=text, said=said, **remote)

    def record_deleted(self, *, text: str, said: str = "", hard: bool = False) -> bool:
        return self._move(Status.DELETED, text=text, said=said, next_poll_at=None, **self._emptied(hard))

    @staticmethod
    def _emptied(hard: bool) -> dict[str, Any]:
        """What a deletion takes from the row: the provider's addresses, and for good also what was said."""
        gone: dict[str, Any] = dict.fromkeys(
            ("hosted_url", "download_url", "stream_url", "thumbnail_url", "gif_url"), ""
        )
        return gone | {"wants_delete": ""} | ({"script": "", "audio": None, "audio_url": ""} if hard else {})
