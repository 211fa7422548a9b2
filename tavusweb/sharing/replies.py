"""Mail guests the replies to their comments, if they ask for it and confirm their address.

Addresses are kept in `ReplySubscription` alone and erased when a guest stops, or with the link. A mail holds replies only
if the link is open to everyone; otherwise it just links to the page.
"""

import logging
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from tavusweb.http import absolute_url
from tavusweb.notify.mail import sends_mail, without_links
from tavusweb.rate_limits import Limit, may_go_on
from tavusweb.reviews.models import Comment
from tavusweb.text_policy import as_line, cut

from .models import ReplySubscription, ShareLink
from .models.branding import branding_of
from .models.reply_subscription import ReplySubscriptionQuerySet

CONFIRM_WITHIN = timedelta(days=7)
PAUSE = timedelta(minutes=15)  # between two mails about one thread
KEPT_FOR = timedelta(days=365)
AT_ONCE = 100  # mails in one run; the rest in the next
MOST_REPLIES = 10  # in one mail
LONGEST_REPLY = 500  # characters
MOST_FAILURES = 5
SALT = "sharing.replies"
MAIL_CONFIRMATION = "tavusweb.sharing.replies.mail_confirmation"

log = logging.getLogger(__name__)


class Asked(StrEnum):
    """What became of a guest's wish, as the page's address tells it."""

    SENT = "sent"  # a confirmation is on its way
    ON = "on"  # replies are mailed
    LIMITED = "limited"  # too many confirmations were mailed


def subscribe(link: ShareLink, comment: Comment, email: str, *, address: str, is_confirmed: bool) -> Asked:
    """Subscribe a guest to the thread of their comment; `is_confirmed` if they have proven this address already.

    `address` is the visitor's network address, by which confirmations are limited.
    """
    thread = comment.parent_id or comment.pk
    row = ReplySubscription(
        link=link,
        thread_id=thread,
        email=email,
        language=get_language() or settings.LANGUAGE_CODE,
        guest=comment.guest,
        mailed_to=comment.pk,
        confirmed_at=timezone.now() if is_confirmed else None,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row = ReplySubscription.objects.get(link=link, thread_id=thread, email=email)
    if row.confirmed_at:
        return Asked.ON
    if not (may_go_on(Limit.MAIL_CODE, f"{link.pk} {address}") and may_go_on(Limit.MAIL_CODE_ADDRESS, email)):
        return Asked.LIMITED
    async_task(MAIL_CONFIRMATION, row.pk, save=False)
    return Asked.SENT


def find(link: ShareLink, token: str) -> ReplySubscription | None:
    """Return the subscription that a mailed token names, if it is one of this link and still exists."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return ReplySubscription.objects.filter(pk=pk, link=link).select_related("link").first()


def confirm(subscription: ReplySubscription) -> None:
    rows = ReplySubscription.objects.filter(pk=subscription.pk, confirmed_at=None)
    rows.update(confirmed_at=timezone.now())


def stop(subscription: ReplySubscription) -> None:
    """Erase the guest's address from all threads of the link."""
    ReplySubscription.objects.filter(link=subscription.link_id, email=subscription.email).delete()


def mail_confirmation(pk: int) -> None:
    """Mail the link that confirms a subscription, if it is still unconfirmed. A task."""
    row = _with_link().filter(pk=pk, confirmed_at=None).first()
    if row is None:
        return
    with override(row.language):
        subject = _("Confirm that you want replies by email")
        _message(row, subject, "sharing/replies_confirm_mail.txt", {"url": _url(row, "share_replies_confirm")}).send()


def mail_replies() -> int:
    """Mail new replies, bundled by thread; return the number of mails. Scheduled every minute."""
    if not sends_mail():
        return 0
    rested = Q(mailed_at=None) | Q(mailed_at__lte=timezone.now() - PAUSE)
    working = ShareLink.objects.current().filter(video__trashed_at=None, video__wants_delete="")
    due = _with_link().unsettled().filter(rested, failures__lt=MOST_FAILURES, link__in=working)
    return sum(_mail(row) for row in due.order_by("mailed_at", "pk")[:AT_ONCE])


def forget_old() -> None:
    """Erase addresses that were never confirmed, failed too often, or are older than a year."""
    now = timezone.now()
    unconfirmed = Q(confirmed_at=None, created_at__lt=now - CONFIRM_WITHIN)
    old = Q(created_at__lt=now - KEPT_FOR) | Q(failures__gte=MOST_FAILURES)
    ReplySubscription.objects.filter(unconfirmed | old).delete()


def _mail(row: ReplySubscription) -> bool:
    """Mail the new replies of a thread once: of several workers, the one that claims them does."""
    answers = list(row.answers().select_related("user")[: MOST_REPLIES + 1])
    if not answers or not row.claim(answers[-1].pk):
        return False
    with override(row.language):
        subject = _("New reply to your comment")
        if row.link.is_open:
            subject = f"{subject}: {row.link.video.display_title}"
        context: dict[str, object] = {
            "replies": [_shown(each) for each in answers[:MOST_REPLIES]] if row.link.is_open else [],
            "url": f"{row.link.public_url}#comment-{row.thread_id}",
        }
        message = _message(row, subject, "sharing/replies_mail.txt", context)
    try:
        message.send()
    except (OSError, ValueError) as error:  # smtplib's are OSErrors; ValueError: an address it cannot spell
        row.give_back(answers[-1].pk)
        log.warning("Replies could not be mailed to a guest (%s)", type(error).__name__)
        return False
    return True


def _shown(answer: Comment) -> dict[str, str]:
    name = as_line(answer.speaker_name) or _("Anonymous")
    return {"name": without_links(name), "body": without_links(cut(answer.body, LONGEST_REPLY))}


def _message(row: ReplySubscription, subject: str, template: str, context: dict[str, object]) -> EmailMessage:
    workspace = row.link.video.workspace
    stop_url = _url(row, "share_replies_stop")
    context |= {"workspace": workspace.name, "footer": branding_of(workspace).footer, "stop_url": stop_url}
    headers = {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    body = render_to_string(template, context)
    return EmailMessage(cut(as_line(subject), 150), body, None, [row.email], headers=headers)


def _url(row: ReplySubscription, view: str) -> str:
    return absolute_url(f"{reverse(view, args=[row.link.token])}?t={signing.dumps(row.pk, salt=SALT)}")


def _with_link() -> ReplySubscriptionQuerySet:
    return ReplySubscription.objects.select_related("link__video__workspace")
