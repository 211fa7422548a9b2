"""Delete old notices and letters in bounded batches; the next hourly run continues."""

from datetime import timedelta

from django.utils import timezone

from .models import Letter, Notice
from .registry import visible

KEPT_FOR = timedelta(days=180)
LETTERS_KEPT_FOR = timedelta(days=30)
AT_ONCE = 10_000
RECHECKED_AT_ONCE = 2_000


def forget_old() -> None:
    """Delete notices after six months and finished letters after one."""
    now = timezone.now()
    notices = Notice.objects.filter(created_at__lt=now - KEPT_FOR).order_by("created_at")
    Notice.objects.filter(pk__in=list(notices.values_list("pk", flat=True)[:AT_ONCE])).delete()
    letters = Letter.objects.filter(created_at__lt=now - LETTERS_KEPT_FOR, next_attempt_at=None).order_by("created_at")
    Letter.objects.filter(pk__in=list(letters.values_list("pk", flat=True)[:AT_ONCE])).delete()


def recheck_visibility() -> None:
    """Hide unread notices about objects deleted unannounced, to keep the navigation count correct.

    Pages and mails check each notice themselves whenever they show it.
    """
    unread = list(Notice.objects.active().unread().order_by("-created_at")[:RECHECKED_AT_ONCE])
    seen = visible(unread)
    gone = [row.pk for row in unread if row.pk not in seen]
    Notice.objects.filter(pk__in=gone).update(gone_at=timezone.now())
    hidden = list(
        Notice.objects.filter(closed_at=None).exclude(gone_at=None).order_by("-created_at")[:RECHECKED_AT_ONCE]
    )
    Notice.objects.filter(pk__in=visible(hidden)).update(gone_at=None)
