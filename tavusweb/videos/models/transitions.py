from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.keys.models import APIKey
from tavusweb.text_policy import cut

from .. import naming, notices
from ..wait_reasons import Wait
from .event import EventKind, VideoEvent
from .spec import SpecMixin
from .status import TRANSITIONS, Ask, IDSource, Status

if TYPE_CHECKING:
    from tavusweb.accounts.models import User

FIRST_RECHECK = timedelta(minutes=1)
ALWAYS = Q()
# Reset when an unsure submission is settled; the timeline keeps what matters.
SETTLED: dict[str, Any] = {"missing_since": None, "asks": "", "search_report": {}}


def key_to_wait_with() -> Coalesce:
    """Send a waiting video with the current key, also if it was submitted with an old secret of that key before."""
    successor = APIKey.objects.filter(pk=OuterRef("api_key_id")).values("successor_id")
    return Coalesce(Subquery(successor), F("api_key_id"))


def recheck_soon() -> dict[str, Any]:
    """Schedule a search for a submission given up as lost, in the account that it was sent to."""
    return {"recheck_at": timezone.now() + FIRST_RECHECK, "recheck_key": F("api_key")}


class InvalidTransition(Exception):
    """A status change that is not in the table."""

    def __init__(self, video: "TransitionsMixin", to: Status) -> None:
        super().__init__(f"video {video.pk}: {video.status} → {to} is not in the table")


class TransitionsMixin(SpecMixin):
    """A video's status, and the only way to change it: `_move`. `TRANSITIONS` is the table."""

    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False)
    status_at = models.DateTimeField(default=timezone.now, editable=False)
    wait = models.CharField(_("reason for waiting"), max_length=20, choices=Wait.choices, blank=True, editable=False)
    wait_detail = models.CharField(max_length=500, blank=True, editable=False)
    next_attempt_at = models.DateTimeField(null=True, blank=True, editable=False)
    attempt = models.PositiveIntegerField(_("submissions"), default=0, editable=False)
    submission_name = models.CharField(max_length=200, blank=True, editable=False)
    is_mark_seen = models.BooleanField(_("mark was seen at Tavus"), default=False, editable=False)
    is_named_by_us = models.BooleanField(_("named by this server at Tavus"), default=True, editable=False)
    is_unmarked = models.BooleanField(_("named without a mark at Tavus"), default=False, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    tavus_id = models.CharField(_("Tavus ID"), max_length=200, blank=True, db_index=True, editable=False)
    unconfirmed_id = models.CharField(
        _("source of a Tavus ID that is not confirmed"),
        max_length=6,
        choices=IDSource.choices,
        blank=True,
        editable=False,
    )
    progress = models.PositiveSmallIntegerField(default=0, editable=False)
    expected_seconds = models.PositiveIntegerField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    failure_code = models.CharField(max_length=30, blank=True, editable=False)

    # About a submission without a clear answer.
    missing_since = models.DateTimeField(_("first proven absent at"), null=True, blank=True, editable=False)
    resent_at = models.DateTimeField(_("re-sent automatically at"), null=True, blank=True, editable=False)
    process_deaths = models.PositiveSmallIntegerField(default=0, editable=False)
    asks = models.CharField(
        _("reason for asking a person"), max_length=20, choices=Ask.choices, blank=True, editable=False
    )
    search_report = models.JSONField(default=dict, blank=True, editable=False)
    has_extra_copies = models.BooleanField(default=False, editable=False)
    recheck_at = models.DateTimeField(_("next search for extra copies"), null=True, blank=True, editable=False)
    # The secret of that account; the video may wait for another one by now.
    recheck_key = models.ForeignKey(
        APIKey, models.SET_NULL, null=True, editable=False, related_name="rechecked_videos", db_index=False
    )

    class Meta:
        abstract = True

    @property
    def may_become(self) -> frozenset[Status]:
        return TRANSITIONS[Status(self.status)]

    @property
    def mark_id(self) -> str:
        """The part of the mark that all submissions of this video share."""
        return naming.mark_id(self.pk)

    def _rows(self) -> "models.QuerySet[Any]":
        """This row, for a compare-and-set."""
        return type(self)._default_manager.filter(pk=self.pk)

    def _move(
        self,
        to: Status,
        *,
        kind: EventKind,
        by: "User | None" = None,
        data: dict[str, Any] | None = None,
        provider_message: str = "",
        only: Q = ALWAYS,
        **changes: Any,
    ) -> bool:
        """Change the status and write the timeline, unless another process moved the row first.

        `attempt` is a fencing token: a late answer about attempt 1 must not move attempt 2.
        """
        was = Status(self.status)
        if to not in TRANSITIONS[was]:
            raise InvalidTransition(self, to)
        changes |= {"status": to, "status_at": timezone.now()}
        if to in {Status.FAILED, Status.CANCELLED}:
            changes["reserved_seconds"] = 0  # not charged
        if to == Status.WAITING:
            changes["api_key"] = key_to_wait_with()
        unmoved = self._rows().filter(only, status=was, attempt=self.attempt)
        with transaction.atomic():
            if not unmoved.update(**changes):
                return False
            self._note(kind, by=by, data=data, provider_message=provider_message, from_status=was, to_status=to)
            notices.note_move(self, was, to)
        for name, value in changes.items():
            if not hasattr(value, "resolve_expression"):
                setattr(self, name, value)
        return True

    def _queue(self, *, kind: EventKind, **changes: Any) -> bool:
        """Put the video into the queue: `_move` it to `waiting` for its turn."""
        now = timezone.now()
        queued: dict[str, Any] = {"wait": Wait.TURN, "wait_detail": "", "next_attempt_at": now} | changes
        return self._move(Status.WAITING, kind=kind, **queued)

    def _note(
        self,
        kind: EventKind,
        *,
        by: "User | None" = None,
        data: dict[str, Any] | None = None,
        provider_message: str = "",
        **moved: str,
    ) -> None:
        VideoEvent.objects.create(
            video_id=self.pk,
            actor=by,
            kind=kind,
            data=data or {},
            provider_message=cut(provider_message, 2000),
            **moved,
        )
