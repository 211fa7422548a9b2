"""The status changes that the engine makes, from the queue to Tavus and back."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.keys import sending
from tavusweb.keys.models import APIKey
from tavusweb.text_policy import cut

from .. import naming, notices
from ..wait_reasons import Wait
from .budget import BudgetMixin
from .caption import Caption
from .copy import RemoteCopy, spoken_seconds
from .event import EventKind
from .news import tell_links
from .status import Ask, DeleteMode, Status, UnsureCause
from .transitions import ALWAYS, SETTLED, recheck_soon

# Cleared when a Tavus ID turns out to be another video's or unknown.
FORGOTTEN_ID: dict[str, Any] = {
    "tavus_id": "",
    "unconfirmed_id": "",
    "is_named_by_us": True,
    "is_unmarked": False,
    "hosted_url": "",
    "remote_status": "",
    "remote_created_at": None,
    "late_at": None,
    "lateness": "",
    "wants_rename": False,
    "wants_delete": "",
    "poll_failures": 0,
    "not_found_count": 0,
    "lease_until": None,
}
UNPARKED = ~Q(wait=Wait.APPROVAL)  # a video that awaits approval is never sent
SEND_LEASE = timedelta(seconds=40)  # the process of a submission that takes longer is dead


class SubmissionMixin(BudgetMixin):
    """Submission, reconciliation and polling, as changes of the row."""

    trashed_at = models.DateTimeField(_("moved to trash at"), null=True, blank=True, editable=False)
    wants_delete = models.CharField(max_length=4, blank=True, editable=False, choices=DeleteMode.choices)
    request_from = models.PositiveIntegerField(
        _("last submission of an earlier request"), default=0, editable=False
    )  # later ones show what is asked now
    is_awaited = models.BooleanField(_("a share link waits for it"), default=False, editable=False)
    lost_at = models.DateTimeField(_("missing at Tavus since"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def claim(self, *, to_adopt: bool = False) -> bool:
        """Take this video for submission with `api_key` as it was loaded.

        `to_adopt`, whatever became of the key: to follow a submission that turned up late, with the secret that made it.

        False if another process has it, it awaits approval, or the key was frozen or replaced since. Raises InvalidTransition unless it waits.
        """
        attempt = self.attempt + 1
        now = timezone.now()
        key = self.api_key
        # Locked until the claim is written, so that a replacement of the secret comes clearly before or after it.
        keys = APIKey.objects.select_for_update(no_key=True).filter(sending.active(), pk=OuterRef("api_key_id"))
        as_loaded = key and Q(Exists(keys.filter(sealed=key.sealed)))
        found_with: dict[str, Any] = {"api_key": Coalesce(F("recheck_key"), F("api_key"))} if to_adopt else {}
        return self._move(
            Status.SENDING,
            only=ALWAYS if to_adopt else (as_loaded or ALWAYS) & UNPARKED,
            **found_with,
            kind=EventKind.SUBMITTING,
            attempt=attempt,
            is_named_by_us=True,
            is_mark_seen=False,
            is_unmarked=False,
            submission_name=naming.name_at_tavus(self.display_title, self.pk, attempt),
            submitted_at=now,
            next_attempt_at=None,
            lease=secrets.token_hex(8),
            lease_until=now + SEND_LEASE,
        )

    def requeue(self, wait: Wait, *, until: datetime, provider_message: str = "", **changes: Any) -> bool:
        """Put it back into the queue: Tavus clearly did not accept the submission, for a temporary reason."""
        return self._move(
            Status.WAITING,
            kind=EventKind.WAITING,
            data={"wait": wait},
            provider_message=provider_message,
            wait=wait,
            wait_detail=cut(provider_message, 500),
            next_attempt_at=until,
            lease_until=None,
            next_poll_at=None,
            **changes,
        )

    def fail_refused(self, provider_message: str) -> bool:
        """Fail it: Tavus rejected the request itself."""
        return self._move(
            Status.FAILED,
            kind=EventKind.REFUSED,
            provider_message=provider_message,
            failure_code="refused",
            remote_details=cut(provider_message, 2000),
            finished_at=timezone.now(),
            lease_until=None,
            wait="",
        )

    def mark_unsure(
        self, provider_message: str = "", *, search_at: datetime, cause: UnsureCause | None = None, **changes: Any
    ) -> bool:
        """Record that nobody knows whether Tavus accepted it; the next step is to search for its name."""
        return self._move(
            Status.UNSURE,
            kind=EventKind.UNSURE,
            data={"cause": cause} if cause else None,
            provider_message=provider_message,
            next_poll_at=search_at,
            lease_until=None,
            poll_failures=0,
            **(SETTLED | changes),
        )

    def adopt(self, tavus_id: str, *, kind: EventKind = EventKind.ACCEPTED, **remote: Any) -> bool:
        """Follow the submission under this Tavus ID."""
        settled = {"lease_until": None, "wait": "", "wait_detail": "", "process_deaths": 0, "not_found_count": 0}
        changes = settled | SETTLED | remote
        if self.attempt == 1:
            return self._move(Status.QUEUED, kind=kind, tavus_id=tavus_id, **changes)
        with transaction.atomic():
            moved = self._move(Status.QUEUED, kind=kind, tavus_id=tavus_id, **changes)
            if moved:  # a search can find a later submission before its answer arrives
                self._forget_extra(tavus_id)
        return moved

    def _forget_extra(self, tavus_id: str) -> None:
        """Remove the followed submission from the extra copies."""
        extra = RemoteCopy.objects.filter(video_id=self.pk, kind=RemoteCopy.Kind.EXTRA)
        if extra.filter(tavus_id=tavus_id).delete()[0]:
            self._rows().update(has_extra_copies=extra.exists())

    def give_back_id(self, ask: Ask) -> bool:
        """Give up a Tavus ID that is not this video's: search again and ask a person; nothing is sent."""
        report = {"answered_id": self.tavus_id} if ask == Ask.OTHER_ANSWER else {}
        with transaction.atomic():
            moved = self._move(
                Status.UNSURE,
                kind=EventKind.ASKED_PERSON,
                data={"ask": ask, "tavus_id": self.tavus_id},
                next_poll_at=timezone.now(),
                only=~Q(unconfirmed_id=""),
                **FORGOTTEN_ID | SETTLED | {"asks": ask, "search_report": report},
            )
            if moved:
                notices.ask_to_resolve(self)
        return moved

    def send_again(self, report: dict[str, Any]) -> bool:
        """Send it again, once and without a person: it is proven that Tavus does not have it."""
        return self._queue(
            kind=EventKind.RESENT,
            data=report | {"is_confirmed": True},
            next_poll_at=None,
            lease_until=None,
            resent_at=timezone.now(),
            **SETTLED | recheck_soon(),
        )

    def ask_a_person(self, ask: Ask, *, report: dict[str, Any] | None = None) -> bool:
        """Ask a person what happened to it; nothing is sent in the meantime."""
        unasked = self._rows().filter(status=Status.UNSURE, asks="", attempt=self.attempt)
        with transaction.atomic():
            if not unasked.update(asks=ask, **({"search_report": report} if report else {})):
                return False
            self._note(EventKind.ASKED_PERSON, data={"ask": ask} | (report or {}))
            notices.ask_to_resolve(self)
        self.asks = ask
        return True

    def record_extra(self, tavus_id: str, attempt: int, *, seen_with: UUID | None = None) -> None:
        """Tavus has this video a second time, under another id; `seen_with` is the key that showed it, if not its own."""
        seconds = spoken_seconds(self.script, self.audio.seconds if self.audio else None)
        with transaction.atomic():
            _, is_new = RemoteCopy.objects.get_or_create(
                video_id=self.pk,
                tavus_id=tavus_id,
                defaults={
                    "kind": RemoteCopy.Kind.EXTRA,
                    "attempt": attempt,
                    "seconds": seconds,
                    "api_key_id": seen_with or self.api_key_id,
                },
            )
            if is_new:
                self._rows().update(has_extra_copies=True)
                self._note(EventKind.EXTRA_COPY_FOUND, data={"tavus_id": tavus_id})

    def note_copy_deleted(self, tavus_id: str) -> None:
        self._note(EventKind.EXTRA_COPY_DELETED, data={"tavus_id": tavus_id})

    def note_copy_not_found(self, tavus_id: str) -> None:
        """Note that the account of the key's new secret lacks an extra copy made with the previous one."""
        self._note(EventKind.EXTRA_COPY_NOT_FOUND, data={"tavus_id": tavus_id, "is_of_old_key": True})

    def mirror(self, to: Status, *, kind: EventKind, provider_message: str = "", **remote: Any) -> bool:
        """Follow a status change at Tavus."""
        moved = self._move(to, kind=kind, provider_message=provider_message, **remote)
        if moved and to == Status.READY:
            tell_links(self, only_if_awaited=True)
        return moved

    def record_deleted(
        self,
        *,
        kind: EventKind = EventKind.DELETED,
        provider_message: str = "",
        mode: str = DeleteMode.SOFT,
        is_of_old_key: bool = False,
    ) -> bool:
        """Record that Tavus has deleted it or no longer has it. Unless a person asked for that, it is lost."""
        is_lost = not self.wants_delete and self.trashed_at is None
        if mode == DeleteMode.HARD:
            Caption.objects.filter(video_id=self.pk).delete()
        moved = self._move(
            Status.DELETED,
            kind=kind,
            data={"is_of_old_key": True} if is_of_old_key else None,
            provider_message=provider_message,
            next_poll_at=None,
            lost_at=timezone.now() if is_lost else None,
            **self._emptied(mode),
        )
        if moved:
            tell_links(self)
        return moved

    @staticmethod
    def _emptied(mode: str) -> dict[str, Any]:
        """The fields that a deletion clears: the provider's URLs and, if permanent, script and recording."""
        addresses = ("hosted_url", "download_url", "stream_url", "thumbnail_url", "gif_url")
        cleared: dict[str, Any] = dict.fromkeys(addresses, "") | {"wants_delete": "", "trashed_at": None}
        return cleared | ({"script": "", "audio": None, "audio_url": ""} if mode == DeleteMode.HARD else {})
