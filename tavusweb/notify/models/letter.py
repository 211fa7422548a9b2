import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tavusweb.backoff import pause_after

from ..kinds import Cadence

CLAIMED_FOR = timedelta(minutes=2)  # after this, the claiming process counts as dead
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 60 * 60.0  # seconds


class Letter(models.Model):
    """One mail to one person about one or more notices. Its id is in the Message-ID, so that copies are recognised."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    cadence = models.CharField(max_length=6, choices=Cadence.choices)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    next_attempt_at = models.DateTimeField(default=timezone.now, null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveIntegerField(default=0, editable=False)
    problem = models.CharField(max_length=200, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(next_attempt_at__isnull=False), name="letter_due"),
            models.Index(fields=["recipient", "cadence", "created_at"], name="letter_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_cadence_display()}, {self.created_at:%Y-%m-%d %H:%M}"

    def claim(self) -> bool:
        """Claim this letter for sending; return False if it was sent or claimed elsewhere."""
        now = timezone.now()
        free = Q(claimed_until=None) | Q(claimed_until__lte=now)
        due = Letter.objects.filter(free, pk=self.pk, sent_at=None, next_attempt_at__lte=now)
        if not due.update(claimed_until=now + CLAIMED_FOR, attempts=F("attempts") + 1):
            return False
        self.attempts += 1
        return True

    def record_sent(self) -> None:
        self._end(sent_at=timezone.now(), problem="")

    def record_empty(self) -> None:
        """Record that every notice in it was read, settled or withdrawn before sending."""
        self._end()

    def record_refused(self, problem: str) -> None:
        """Give up: the mail server permanently rejects this mailbox."""
        self._end(problem=problem[:200])

    def record_failed(self, problem: str) -> None:
        """Retry later. Nothing is lost in a mail server outage of any length."""
        pause = pause_after(self.attempts, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
        later = timezone.now() + timedelta(seconds=pause)
        Letter.objects.filter(pk=self.pk).update(next_attempt_at=later, claimed_until=None, problem=problem[:200])

    def _end(self, **changes: object) -> None:
        Letter.objects.filter(pk=self.pk).update(next_attempt_at=None, claimed_until=None, **changes)
