"""Queries for a person's notices."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL
from django.utils import timezone

from tavusweb.counting import CountOf, PreparedCount

from .models import Notice, NoticeQuerySet, Preference
from .models.notice import MOST_COUNTED

NEWS_FOR = timedelta(minutes=5)  # older notices raise no browser notification
NEWS_AT_ONCE = 5


def unread_count(user: Any, workspace: Any) -> int:
    """Count a person's unread notices in a workspace, up to 100, in one query on a dedicated index."""
    return Notice.objects.inbox_of(user, workspace).unread().unmuted().count_some()


def unread_column(user: Any, workspace: Any) -> RawSQL:
    """The same count as a column, for a query that is made anyway."""
    return _UNREAD.column(user.pk, workspace.pk)


def _unread(user_pk: int, workspace_pk: int) -> CountOf:
    rows = Notice.objects.inbox_of(SimpleNamespace(pk=user_pk), workspace_pk).unread().unmuted()  # type: ignore[arg-type]
    return CountOf(rows.order_by().values("pk")[:MOST_COUNTED])


_UNREAD = PreparedCount(_unread)


def news_for_browser(user: Any, workspace: Any) -> NoticeQuerySet:
    """Return the newest unread notices of kinds with browser notifications on."""
    kinds_off = Preference.objects.filter(user=OuterRef("recipient_id"), kind=OuterRef("kind"), in_browser=False)
    rows = Notice.objects.inbox_of(user, workspace).unread().unmuted().exclude(Exists(kinds_off))
    return rows.filter(created_at__gt=timezone.now() - NEWS_FOR).order_by("-created_at")[:NEWS_AT_ONCE]
