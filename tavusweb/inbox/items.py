"""Inbox rows: what is shown for each notice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from tavusweb.notify.kinds import GROUPS, Group, Kind
from tavusweb.notify.models import Notice
from tavusweb.notify.registry import visible, words_of

from .words import day_of

ICONS = {
    Group.VIDEOS: "video",
    Group.COMMENTS: "message-circle",
    Group.APPROVALS: "circle-check",
    Group.LINKS: "link",
}
GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}


@dataclass(frozen=True)
class Item:
    notice: Notice
    text: str
    details: list[str]
    icon: str
    is_muted: bool
    due: str = ""
    is_overdue: bool = False


def items_of(notices: Iterable[Notice], muted: frozenset[str] = frozenset()) -> list[Item]:
    """Return rows for the notices that are still valid and visible."""
    rows = [row for row in notices if row.kind in GROUP_OF]
    seen = visible(rows)
    return [_item(row, row.about in muted) for row in rows if row.pk in seen]


def _item(notice: Notice, is_muted: bool) -> Item:
    words = words_of(notice.kind)
    is_asked = notice.kind in {Kind.APPROVAL_ASKED, Kind.APPROVAL_DUE}
    return Item(
        notice=notice,
        text=words.line([notice.data]),
        details=words.details(notice.data) if not is_asked else [],
        icon=ICONS[GROUP_OF[Kind(notice.kind)]],
        is_muted=is_muted,
        due=day_of(notice.data.get("due")) if is_asked else "",
        is_overdue=is_asked and is_past(notice.data.get("due")),
    )


def is_past(stored: Any) -> bool:
    """Return whether a stored date or time has passed. A date passes at the end of its day."""
    text, now = str(stored or ""), timezone.now()
    try:
        if len(text) <= len("2026-01-01"):
            return date.fromisoformat(text) < timezone.localdate()
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return timezone.is_aware(moment) and moment < now
