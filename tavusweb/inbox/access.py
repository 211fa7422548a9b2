"""Decide which notices people may still see, for both the inbox and mails.

A person who left the workspace sees nothing of it. What was told of a video, a link or a comment is gone with it, and a
question that was settled asks nobody any more.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from tavusweb.notify.kinds import Kind
from tavusweb.notify.models import Notice
from tavusweb.reviews.models import Comment
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Membership

THERE = ~Q(status=Status.DELETED) & Q(wants_delete="", trashed_at=None)


def visible(notices: Iterable[Notice]) -> set[UUID]:
    """Return the ids of the notices that are still valid and visible, in at most four queries."""
    rows = list(notices)
    seen = _of_members(rows)
    for of_those in (_about_videos, _about_links, _of_comments):
        seen = of_those(seen)
    return {row.pk for row in seen}


def _of_members(rows: list[Notice]) -> list[Notice]:
    people, places = {row.recipient_id for row in rows}, {row.workspace_id for row in rows}
    members = Membership.objects.filter(user__in=people, workspace__in=places, user__is_active=True)
    pairs = set(members.values_list("user_id", "workspace_id")) if rows else set()
    return [row for row in rows if (row.recipient_id, row.workspace_id) in pairs]


def _about_videos(rows: list[Notice]) -> list[Notice]:
    keys = {row.pk: key for row in rows if (key := _uuid(_key(row.about, "video")))}
    if not keys:
        return rows
    videos = Video.objects.filter(THERE, pk__in=set(keys.values())).values_list("pk", "status", "asks")
    found = {pk: (status, asks) for pk, status, asks in videos}
    return [row for row in rows if row.pk not in keys or _holds(row.kind, found.get(keys[row.pk]))]


def _holds(kind: str, state: tuple[str, str] | None) -> bool:
    if state is None:
        return False
    status, asks = state
    match kind:
        case Kind.VIDEO_READY:
            return status == Status.READY
        case Kind.VIDEO_FAILED:
            return status == Status.FAILED
        case Kind.VIDEO_UNSURE:
            return status == Status.UNSURE and bool(asks)
        case Kind.SPENDING_ASKED:
            return status == Status.WAITING
    return True


def _about_links(rows: list[Notice]) -> list[Notice]:
    keys = {row.pk: int(key) for row in rows if (key := _key(row.about, "link")).isdecimal()}
    if not keys:
        return rows
    found = set(ShareLink.objects.filter(pk__in=set(keys.values())).values_list("pk", flat=True))
    return [row for row in rows if row.pk not in keys or keys[row.pk] in found]


def _of_comments(rows: list[Notice]) -> list[Notice]:
    keys = {row.pk: int(key) for row in rows if (key := _key(row.subject_key, "comment")).isdecimal()}
    if not keys:
        return rows
    there = Comment.objects.visible().filter(pk__in=set(keys.values()), resolved_at=None)
    found = set(there.values_list("pk", flat=True))
    return [row for row in rows if row.pk not in keys or keys[row.pk] in found]


def _key(text: str, prefix: str) -> str:
    head, _, key = text.partition(":")
    return key if head == prefix else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
