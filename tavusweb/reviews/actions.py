"""Feedback of members and visitors on a video."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.notify.actions import tell
from tavusweb.notify.kinds import Kind
from tavusweb.videos.actions import save_draft
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.videos.naming import copy_title
from tavusweb.videos.spec import VideoSpec
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.permissions import Permission

from . import certificates, change_drafts, notices
from .fingerprint import fingerprint_of
from .models import ApprovalRequest, CertificateKey, ChangeDraft, Comment, Verdict, VerdictKind, Vote
from .speaker import Speaker


class TakeChanged(Exception):
    """The video was changed or replaced since it was shown, so the feedback would no longer apply."""


def comment(
    speaker: Speaker,
    video: Video,
    body: str,
    *,
    at_seconds: float | None = None,
    quote: str = "",
    parent: Comment | None = None,
    once: str = "",
) -> Comment:
    """Add a comment, or a reply in the thread of `parent`. Resubmitting a form returns the existing comment."""
    row = Comment(body=body, at_seconds=at_seconds, quote=quote, once=once)
    row.put_speaker(speaker)
    row.put_take(video, fingerprint_of(video))
    if parent is not None:
        row.parent, row.link, row.link_name = parent.parent or parent, parent.link, parent.link_name
    sent = Comment.objects.filter(video=video, link=row.link, once=once) if once else Comment.objects.none()
    try:
        with transaction.atomic():
            if earlier := sent.first():
                return earlier
            row.save()
            notices.tell_of_comment(row, speaker)
    except IntegrityError:  # the other of two presses was quicker
        if earlier := sent.first():
            return earlier
        raise
    return row


def edit(comment: Comment, body: str) -> bool:
    """Edit a comment; return False if it was deleted. The caller has checked that its author asks."""
    if comment.body == body:
        return True
    existing = Comment.objects.filter(pk=comment.pk, deleted_at=None)
    return bool(existing.update(body=body, edited_at=timezone.now()))


@transaction.atomic
def delete(actor: Actor, comment: Comment) -> bool:
    """Delete a comment; return False if it already was. Audited when a member deletes someone else's.

    Raises PermissionDenied for somebody else's, unless the member can share. A guest's mark was checked by the caller.
    """
    if actor.user is not None and actor.user != comment.user:
        confirm_permission(actor, comment.video.workspace, Permission.SHARE)
    removed = bool(Comment.objects.filter(pk=comment.pk, deleted_at=None).update(deleted_at=timezone.now()))
    notices.withdraw_comment(comment)
    if removed and actor.user is not None and actor.user != comment.user:
        record(actor, AuditAction.COMMENT_DELETED, target=comment.video, workspace=comment.video.workspace)
    return removed


@transaction.atomic
def resolve(actor: Actor, comment: Comment) -> None:
    """Mark a thread as done."""
    Comment.objects.filter(pk=comment.pk).update(resolved_at=timezone.now(), resolved_by=actor.user)
    notices.settle_thread(comment)


def reopen(comment: Comment) -> None:
    Comment.objects.filter(pk=comment.pk).update(resolved_at=None, resolved_by=None)


@transaction.atomic
def decide(actor: Actor, speaker: Speaker, video: Video, kind: VerdictKind, *, shown: str, reason: str = "") -> Verdict:
    """Approve a take, or request changes. `shown` is the fingerprint of what the reviewer saw. Raises TakeChanged."""
    current = Video.objects.select_for_update(no_key=True).select_related(None).get(pk=video.pk)
    if fingerprint_of(current) != shown:
        raise TakeChanged
    verdict = Verdict(kind=kind, reason=reason)
    verdict.put_speaker(speaker)
    verdict.put_take(current, shown)
    verdict.video = video
    last = video.verdicts.filter(fingerprint=shown).order_by("created_at", "pk").last()
    if last and last.says_the_same_as(verdict):
        return last
    verdict.save()
    if kind == VerdictKind.APPROVED:
        certificates.issue(verdict)
    action = AuditAction.VIDEO_APPROVED if kind == VerdictKind.APPROVED else AuditAction.CHANGES_REQUESTED
    record(actor, action, target=video, after=_who(verdict), workspace=video.workspace)
    notices.tell_of_verdict(verdict, speaker)
    return verdict


@transaction.atomic
def withdraw(actor: Actor, speaker: Speaker, verdict: Verdict) -> bool:
    """Withdraw a verdict; return False if it already was. Raises PermissionDenied for someone else's."""
    if not verdict.is_by(speaker):
        raise PermissionDenied
    withdrawn = Verdict.objects.filter(pk=verdict.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())
    if withdrawn:
        video = verdict.video
        record(actor, AuditAction.VERDICT_WITHDRAWN, target=video, after=_who(verdict), workspace=video.workspace)
        notices.withdraw_verdict(verdict)
    return bool(withdrawn)


@transaction.atomic
def ask_for_approvals(
    actor: Actor, video: Video, *, needed: int, addresses: Sequence[str] = (), due_at: datetime | None = None
) -> ApprovalRequest:
    """Request a number of approvals, from anyone or from these addresses. Raises PermissionDenied."""
    confirm_permission(actor, video.workspace, Permission.SHARE)
    members = video.workspace.memberships.filter(user__email__in=addresses, user__is_active=True)
    known = {row.user.email.lower(): row.user for row in members.select_related("user")}
    reviewers = [
        {
            "email": email,
            "name": known[email].name if email in known else "",
            "user": getattr(known.get(email), "pk", None),
        }
        for email in addresses
    ]
    columns = {"needed": needed, "reviewers": reviewers, "due_at": due_at, "created_by": actor.user}
    before = ApprovalRequest.objects.select_for_update().filter(video=video).first()
    if before is None or before.due_at != due_at:
        columns["reminded_at"] = None
    row, _ = ApprovalRequest.objects.update_or_create(video=video, defaults=columns)
    after = {"needed": needed, "reviewers": list(addresses), "due": due_at}
    after = {name: value for name, value in after.items() if value}
    tell(
        [user for user in known.values() if user != actor.user],
        Kind.APPROVAL_ASKED,
        workspace=video.workspace,
        subject_key=f"approval:{row.pk}",
        about=f"video:{video.pk}",
        url=video.get_absolute_url(),
        data={"title": video.display_title, "name": getattr(actor.user, "name", ""), "due": due_at},
    )
    record(actor, AuditAction.APPROVAL_REQUESTED, target=video, after=after, workspace=video.workspace)
    return row


@transaction.atomic
def stop_asking_for_approvals(actor: Actor, video: Video) -> bool:
    """Require just one approval from anyone again; return False if already so. Raises PermissionDenied."""
    confirm_permission(actor, video.workspace, Permission.SHARE)
    ended, _ = ApprovalRequest.objects.filter(video=video).delete()
    if ended:
        record(actor, AuditAction.APPROVAL_REQUEST_ENDED, target=video, workspace=video.workspace)
    return bool(ended)


@transaction.atomic
def rotate_certificate_key(actor: Actor) -> CertificateKey:
    """Replace the signing key; the old public key is kept."""
    key = CertificateKey.objects.rotate()
    record(actor, AuditAction.CERTIFICATE_KEY_ROTATED, after={"key_id": key.pk})
    return key


@transaction.atomic
def draft_changes(actor: Actor, video: Video) -> Video:
    """Create a draft from the feedback on a video: a copy that records the comments to address.

    The same comments make one draft, however often this is asked for. Raises PermissionDenied, TooManyDrafts.
    """
    confirm_permission(actor, video.workspace, Permission.MAKE)
    comments = list(change_drafts.open_comments(video))
    requests = list(change_drafts.open_requests(video, fingerprint_of(video)))
    done = ChangeDraft.objects.filter(source=video).exclude(draft__status=Status.DRAFT).count()
    said = [f"c{row.pk}" for row in comments] + [f"v{row.pk}" for row in requests]
    pk = uuid.uuid5(video.pk, f"changes {done} {' '.join(said)}")
    if earlier := Video.objects.filter(pk=pk).first():
        return earlier
    key = video.api_key
    usable = key if key and not key.retired_at and not key.successor_id else None
    changes = {name: getattr(video, name) for name in VideoSpec.names()}
    changes |= {"title": copy_title(video.title), "api_key": usable, "replica_name": video.replica_name}
    draft = save_draft(actor, video.workspace, pk, changes)
    change_drafts.keep(draft, video, comments, requests, actor.user)
    return draft


def _who(verdict: Verdict) -> dict[str, str]:
    shown = {"name": verdict.speaker_name, "email": verdict.email, "proof": verdict.proof, "link": verdict.link_name}
    return {name: value for name, value in shown.items() if value}


def vote(speaker: Speaker, video: Video) -> Vote:
    """Vote for a take offered by the speaker's gate, replacing their earlier vote."""
    row = Vote(created_at=timezone.now())
    row.put_speaker(speaker)
    row.put_take(video, fingerprint_of(video))
    chosen = {
        name: getattr(row, name)
        for name in (
            "video",
            "link_name",
            "user",
            "name",
            "email",
            "proof",
            "guest",
            "fingerprint",
            "take_at",
            "created_at",
        )
    }
    return Vote.objects.update_or_create(link=speaker.link, voter=speaker.identity, defaults=chosen)[0]
