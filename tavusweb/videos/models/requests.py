"""What people do to a video, as changes of its row. `actions` adds the checks, the audit event and the wake-up."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .. import notices
from ..wait_reasons import Wait
from .copy import RemoteCopy
from .event import EventKind
from .status import DeleteMode, IDSource, Status
from .submission import SubmissionMixin
from .transitions import SETTLED, recheck_soon

if TYPE_CHECKING:
    from tavusweb.accounts.models import User


class RequestsMixin(SubmissionMixin):
    """Generate, retry, cancel, resolve, rename and delete."""

    class Meta:
        abstract = True

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def is_at_tavus(self) -> bool:
        """Whether Tavus has the video, so that it is deleted there too."""
        return bool(self.tavus_id) and self.api_key is not None and self.api_key.may_be_asked

    def enqueue(self, *, by: "User | None") -> bool:
        """Put a draft into the queue, or park it until its cost is approved. Raises OverBudget."""
        with transaction.atomic():
            reserved = self.reserve(by=by)
            moved = self._queue(by=by, kind=EventKind.GENERATED, spec_digest=self.spec.digest(), **reserved)
            if moved and self.awaits_approval:
                notices.ask_to_approve(self)
        return moved

    def retry(self, *, by: "User | None", edited: dict[str, Any] | None = None) -> bool:
        """Put a failed or cancelled video back into the queue, as a new submission; with `edited` fields of the request.

        Raises OverBudget. Earlier submissions of another request are not followed any more, even if they turn up late.
        """
        with transaction.atomic():
            left_behind, attempt, key_id = self.tavus_id, self.attempt, self.api_key_id
            if edited:
                self._rows().update(**edited, request_from=attempt)
                self.refresh_from_db()
            data = {"is_edited": True} if edited else None
            reserved = self.reserve(by=by)
            moved = self._start_over(by=by, data=data, spec_digest=self.spec.digest(), **reserved)
            if moved and self.awaits_approval:
                notices.ask_to_approve(self)
            if moved and left_behind:
                RemoteCopy.objects.get_or_create(
                    video_id=self.pk,
                    tavus_id=left_behind,
                    defaults={"kind": RemoteCopy.Kind.PAST, "attempt": attempt, "api_key_id": key_id},
                )
        return moved

    def _start_over(self, *, by: "User | None", **changes: Any) -> bool:
        return self._queue(
            by=by,
            kind=EventKind.RETRIED,
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
            only=Q(wants_delete="", trashed_at=None),  # else the new submission would be deleted
            **SETTLED,
        )

    def cancel(self, *, by: "User | None") -> bool:
        return self._move(
            Status.CANCELLED, by=by, kind=EventKind.CANCELLED, wait="", wait_detail="", next_attempt_at=None
        )

    def approve_spending(self, *, by: "User | None") -> bool:
        """Let a parked video take its turn. Raises OverBudget."""
        now = timezone.now()
        with transaction.atomic():
            reserved = self.reserve(by=by, is_approved=True)
            parked = self._rows().filter(status=Status.WAITING, wait=Wait.APPROVAL, attempt=self.attempt)
            if not parked.update(**reserved | {"wait": Wait.TURN, "next_attempt_at": now}):
                return False
            self._note(EventKind.SPENDING_APPROVED, by=by)
            notices.settle_approval(self)
        self.wait, self.next_attempt_at = Wait.TURN, now
        return True

    def decline_spending(self, *, by: "User | None") -> bool:
        """Cancel a parked video and tell its creator."""
        with transaction.atomic():
            cleared: dict[str, Any] = {"wait": "", "wait_detail": "", "next_attempt_at": None}
            parked = Q(wait=Wait.APPROVAL)
            moved = self._move(Status.CANCELLED, by=by, kind=EventKind.SPENDING_DECLINED, only=parked, **cleared)
            if moved:
                notices.tell_of_decline(self)
        return moved

    def resolve_as_missing(self, *, by: "User | None") -> bool:
        """Send it again: a person has found that Tavus does not have it."""
        return self._queue(
            by=by,
            kind=EventKind.RESOLVED_MISSING,
            next_poll_at=None,
            lease_until=None,
            **SETTLED | recheck_soon(),
        )

    def resolve_as(self, tavus_id: str, *, by: "User | None") -> bool:
        """Follow this ID, under which a person has found it at Tavus. The next poll confirms it before anything else."""
        with transaction.atomic():
            moved = self._move(
                Status.QUEUED,
                by=by,
                kind=EventKind.RESOLVED,
                data={"tavus_id": tavus_id},
                tavus_id=tavus_id,
                wait="",
                next_poll_at=timezone.now(),
                lease_until=None,
                unconfirmed_id=IDSource.PERSON,
                is_named_by_us=False,
                not_found_count=0,
                **SETTLED | recheck_soon(),
            )
            if moved:
                self._forget_extra(tavus_id)  # else its deletion would be offered
        return moved

    def rename(self, title: str, *, by: "User | None") -> None:
        """Change the title here at once, and at Tavus with the next poll."""
        with transaction.atomic():
            changes: dict[str, Any] = {"title": title}
            if self.tavus_id:
                changes |= {
                    "wants_rename": True,
                    "is_mark_seen": False,
                    "next_poll_at": timezone.now(),
                    "lease_until": None,
                }
            self._rows().update(**changes)
            if not self.is_draft:
                self._note(EventKind.RENAMED, by=by, data={"title": title})
        self.title = title

    def note_take(self, kind: EventKind, *, by: "User | None", data: dict[str, str]) -> None:
        """Note what happened to this take behind a share link, for `timeline` to say."""
        self._note(kind, by=by, data=data)

    def ask_to_delete(self, *, by: "User | None", mode: DeleteMode) -> bool:
        """Delete the video: immediately if Tavus never had it; otherwise the worker deletes it at Tavus first."""
        if self.is_draft:
            self.delete()
            return True
        if not self.is_at_tavus:
            return self._move(Status.DELETED, kind=EventKind.DELETED, by=by, **self._emptied(mode))
        unasked = self._rows().filter(status=self.status, wants_delete="")
        with transaction.atomic():
            asked = unasked.update(wants_delete=mode, next_poll_at=timezone.now(), lease_until=None)
            if asked:
                self._note(EventKind.DELETE_REQUESTED, by=by, data={"mode": mode})
        return bool(asked)

    def ask_to_delete_copy(self, copy: RemoteCopy, *, by: "User | None") -> bool:
        """Have the worker delete an extra copy at Tavus; False if that was already requested."""
        asked = RemoteCopy.objects.filter(
            video_id=self.pk, kind=RemoteCopy.Kind.EXTRA, pk=copy.pk, delete_at=None, deleted_at=None
        )
        with transaction.atomic():
            if not asked.update(delete_at=timezone.now()):
                return False
            self._note(EventKind.EXTRA_COPY_DELETE_REQUESTED, by=by, data={"tavus_id": copy.tavus_id})
        return True
