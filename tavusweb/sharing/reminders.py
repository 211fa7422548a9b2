"""Send one reminder before an approval is due: members as they chose, outside reviewers by mail."""

import logging
from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tavusweb.accounts.adapters import sends_mail
from tavusweb.accounts.models import User
from tavusweb.notify.actions import tell
from tavusweb.notify.choices import language_of, zone_of
from tavusweb.notify.kinds import Kind
from tavusweb.reviews.models import ApprovalRequest
from tavusweb.reviews.models.approval_request import identities_of
from tavusweb.reviews.queries import tally_of
from tavusweb.reviews.standing import Standing
from tavusweb.text_policy import cut
from tavusweb.videos.models.status import Status

from .models import ShareLink
from .models.branding import branding_of

REMIND_BEFORE = timedelta(days=1)
AT_ONCE = 100  # requests in one run; the rest in the next

log = logging.getLogger(__name__)


def remind_reviewers(at: datetime | None = None) -> int:
    """Remind reviewers whose approval is due within a day and return the number of requests. A scheduled task."""
    now = at or timezone.now()
    due = ApprovalRequest.objects.filter(due_at__lte=now + REMIND_BEFORE, due_at__gt=now, reminded_at=None)
    due = due.filter(video__status=Status.READY, video__wants_delete="", video__trashed_at=None)
    return sum(
        _remind(row) for row in due.select_related("video__workspace", "created_by").order_by("due_at")[:AT_ONCE]
    )


def _remind(request: ApprovalRequest) -> bool:
    """Remind once: of several workers, the one that marks the request sends it."""
    video = request.video
    tally = tally_of(video, video.verdicts.select_related("user"))
    with transaction.atomic():
        unreminded = ApprovalRequest.objects.filter(pk=request.pk, reminded_at=None, due_at=request.due_at)
        if not unreminded.update(reminded_at=timezone.now()) or tally.standing != Standing.NONE:
            return False
        owing = [each for each in request.reviewers if identities_of(each) in tally.missing]
        accounts = {each["user"] for each in owing if each.get("user")}
        members = User.objects.filter(pk__in=accounts, memberships__workspace=video.workspace_id)
        by = request.created_by.name if request.created_by else ""
        tell(
            members,
            Kind.APPROVAL_DUE,
            workspace=video.workspace,
            subject_key=f"approval:{video.pk}:{request.due_at:%Y-%m-%d}",
            about=f"video:{video.pk}",
            url=video.get_absolute_url(),
            data={"title": video.display_title, "name": by, "due": request.due_at},
        )
    outsiders = [each["email"] for each in owing if not each.get("user")]
    if by_user := request.created_by:  # an outsider's own language is not known
        with override(language_of(by_user)), timezone.override(zone_of(by_user)):
            _mail(request, outsiders)
    else:
        _mail(request, outsiders)
    return True


def _mail(request: ApprovalRequest, addresses: list[str]) -> None:
    """Mail outside reviewers the newest link that allows approval; nobody if there is none."""
    video = request.video
    link = ShareLink.objects.current().filter(video=video, approval=True).order_by("-created_at").first()
    if not addresses or link is None or not sends_mail():
        return
    context = {
        "title": video.display_title,
        "workspace": video.workspace,
        "url": link.public_url,
        "due_at": request.due_at,
        "footer": branding_of(video.workspace).footer,
    }
    subject = cut(" ".join((_("Your approval is due: %(title)s") % context).split()), 150)
    body = render_to_string("sharing/approval_due_mail.txt", context)
    for address in addresses:
        try:
            send_mail(subject, body, None, [address])
        except (OSError, ValueError) as error:
            log.warning("A reminder about video %s could not be mailed (%s)", video.pk, type(error).__name__)
