"""Actions on the takes of a share link."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.notify.actions import settle
from tavusweb.notify.kinds import Kind
from tavusweb.videos.models import EventKind, Video
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.permissions import Permission

from ..models import LinkTake, OfferedTake, ShareLink
from ..takes.loss import subject_of
from .links import NotShareable

MOST_OFFERED = 6  # takes to choose among


class NotReady(Exception):
    """The take isn't ready, and waiting for it was not requested."""


class Moved(Exception):
    """The link already shows another take. Nothing was changed."""


@transaction.atomic
def swap_take(
    actor: Actor, link: ShareLink, video: Video, *, when_ready: bool = False, instead_of: UUID | None = None
) -> bool:
    """Put another take behind a link: at once, or with `when_ready` as soon as it is. Return whether it was at once.

    `instead_of` is the take that the person saw behind the link. Raises NotShareable, NotReady, Moved, PermissionDenied.
    """
    confirm_permission(actor, link.video.workspace, Permission.SHARE)
    link, video = _locked(link), _locked_video(video)
    if video.workspace_id != link.video.workspace_id or video.is_draft or not video.is_kept:
        raise NotShareable
    if instead_of not in {None, link.video_id}:
        raise Moved
    if video.is_ready:
        put(actor, link, video)
        return True
    if not when_ready:
        raise NotReady
    if video.pk != link.video_id:
        _plan(actor, link, video)
    return False


@transaction.atomic
def undo_swap(actor: Actor, link: ShareLink, *, shown: UUID) -> None:
    """Put back what the link showed before `shown`, whatever became of it. Raises NotShareable, Moved, PermissionDenied."""
    confirm_permission(actor, link.video.workspace, Permission.SHARE)
    link = _locked(link)
    before = link.takes.past().select_related("video").first()
    if link.video_id != shown or before is None:
        raise Moved
    video = _locked_video(before.video)
    if not video.is_kept:
        raise NotShareable
    put(actor, link, video)


@transaction.atomic
def cancel_plan(actor: Actor, link: ShareLink) -> bool:
    """Cancel a planned swap; return False if none was planned. Raises PermissionDenied."""
    confirm_permission(actor, link.video.workspace, Permission.SHARE)
    plan = _locked(link).takes.planned().select_related("video").first()
    if plan is None:
        return False
    drop(actor, plan)
    return True


def put(actor: Actor, link: ShareLink, video: Video) -> None:
    """Show this take from now on. The caller has locked the link and checked everything."""
    before, now = link.video, timezone.now()
    link.takes.planned().delete()
    if before.pk == video.pk:
        return
    LinkTake.objects.create(link=link, video=before, since=_since(link), until=now, by=actor.user, at=now)
    settle(Kind.TAKE_LOST, subject_key=subject_of(link))
    ShareLink.objects.filter(pk=link.pk).update(video=video, loss_told_at=None)
    link.video = video
    name = str(link)
    before.note_take(EventKind.TAKE_REPLACED, by=actor.user, data={"link": name, "after": video.display_title})
    video.note_take(EventKind.TAKE_SHOWN, by=actor.user, data={"link": name, "before": before.display_title})
    record(
        actor,
        AuditAction.TAKE_SWAPPED,
        workspace=video.workspace,
        target=link,
        before={"take": before.display_title},
        after={"take": video.display_title},
    )


def _since(link: ShareLink) -> datetime:
    """Return when the link began to show its take."""
    last = link.takes.past().first()
    return last.until if last and last.until else link.created_at


@transaction.atomic
def offer_takes(actor: Actor, link: ShareLink, videos: Sequence[Video]) -> None:
    """Have the viewers of a link choose among these takes; fewer than two offer no choice. Votes are kept.

    Raises NotReady for a take that can't be watched, and PermissionDenied.
    """
    confirm_permission(actor, link.video.workspace, Permission.SHARE)
    link = _locked(link)
    offered = videos[:MOST_OFFERED] if len(videos) > 1 else []
    if any(video.workspace_id != link.video.workspace_id or not video.is_ready for video in offered):
        raise NotReady
    before = [each.video.display_title for each in link.offered_takes.select_related("video")]
    link.offered_takes.all().delete()
    rows = [OfferedTake(link=link, video=video, position=position) for position, video in enumerate(offered)]
    OfferedTake.objects.bulk_create(rows)
    ShareLink.objects.filter(pk=link.pk).update(offers_choice=bool(offered))
    record(
        actor,
        AuditAction.TAKES_OFFERED,
        workspace=link.video.workspace,
        target=link,
        before={"takes": before},
        after={"takes": [video.display_title for video in offered]},
    )


@transaction.atomic
def carry_out(plan: LinkTake) -> bool:
    """Put a planned take behind its link if it is ready, and drop the plan if it never will be or may not be.

    The planner's role is read again. Return whether the link shows it now.
    """
    link = _locked(plan.link)
    current = link.takes.planned().filter(pk=plan.pk).select_related("video", "by").first()
    if current is None:
        return False
    actor, video = Actor.system("takes", user=current.by), _locked_video(current.video)
    if video.is_deleted or not _may_share(actor, link):
        drop(actor, current)
    elif video.is_ready and video.is_kept:
        put(actor, link, video)
        return True
    return False


def drop(actor: Actor, plan: LinkTake) -> None:
    """Drop a planned take. The caller has locked the link."""
    before = {"take": plan.video.display_title}
    record(actor, AuditAction.TAKE_PLAN_DROPPED, workspace=plan.video.workspace, target=plan.link, before=before)
    plan.delete()


def _plan(actor: Actor, link: ShareLink, video: Video) -> None:
    link.takes.planned().delete()
    LinkTake.objects.create(link=link, video=video, by=actor.user)
    Video.objects.filter(pk=video.pk).update(is_awaited=True)
    video.note_take(EventKind.TAKE_PLANNED, by=actor.user, data={"link": str(link)})
    after = {"take": video.display_title}
    record(actor, AuditAction.TAKE_PLANNED, workspace=video.workspace, target=link, after=after)


def _may_share(actor: Actor, link: ShareLink) -> bool:
    try:
        confirm_permission(actor, link.video.workspace, Permission.SHARE)
    except PermissionDenied:
        return False
    return True


def _locked(link: ShareLink) -> ShareLink:
    links = ShareLink.objects.select_for_update(of=("self",), no_key=True)
    return links.select_related("video__workspace").get(pk=link.pk)


def _locked_video(video: Video) -> Video:
    """The video, held until the transaction ends: the engine cannot finish it between the check and the plan."""
    videos = Video.objects.select_for_update(of=("self",), no_key=True)
    return videos.select_related("workspace").get(pk=video.pk)
