"""Mail share links to people: a worker sends each mail once and records the outcome."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_q.tasks import async_task

from tavusweb.text_policy import as_line, cut

from .models import Delivery, ShareLink
from .models.branding import branding_of
from .models.delivery import DeliveryState

DELIVER = "tavusweb.sharing.deliveries.deliver"
AGAIN_AFTER = timedelta(minutes=10)  # a worker that was killed left it
GIVEN_UP_AFTER = timedelta(hours=1)  # nobody knows whether the mail server took it
AT_ONCE = 500

log = logging.getLogger(__name__)


def deliver_later(deliveries: Iterable[Delivery]) -> None:
    """Queue these mails once the transaction is committed."""
    for delivery in deliveries:
        transaction.on_commit(partial(async_task, DELIVER, delivery.pk, save=False), robust=True)


def deliver(pk: int) -> None:
    """Mail one link, unless another worker is doing so or the link no longer works."""
    delivery = Delivery.objects.select_related("link__video__workspace", "created_by").filter(pk=pk).first()
    if delivery is None or not delivery.move(DeliveryState.WAITING, DeliveryState.SENDING):
        return
    is_live = ShareLink.objects.current().filter(pk=delivery.link_id).exists()
    is_sent = is_live and _send(delivery)
    delivery.move(DeliveryState.SENDING, DeliveryState.SENT if is_sent else DeliveryState.FAILED)


def settle() -> None:
    """Queue mails again that no worker picked up, and give up on those interrupted midway."""
    now = timezone.now()
    left = Delivery.objects.filter(state=DeliveryState.WAITING, state_at__lt=now - AGAIN_AFTER).order_by("pk")[:AT_ONCE]
    for delivery in left:
        Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING).update(state_at=now)
        async_task(DELIVER, delivery.pk, save=False)
    lost = Delivery.objects.filter(state=DeliveryState.SENDING, state_at__lt=now - GIVEN_UP_AFTER)
    lost.update(state=DeliveryState.FAILED, state_at=now)


def _send(delivery: Delivery) -> bool:
    with override(delivery.language):
        message = _message(delivery)
    try:
        message.send()
    except (OSError, ValueError) as error:  # smtplib's are OSErrors; ValueError: an address it cannot spell
        log.warning("A share link could not be mailed (%s)", type(error).__name__)
        return False
    return True


def _message(delivery: Delivery) -> EmailMessage:
    """Build the mail without anything that the gate protects: mail is forwarded as easily as a link."""
    link, sender = delivery.link, delivery.created_by
    workspace = link.video.workspace
    names = {
        "sender": sender.display_name if sender and link.shows_sender else workspace.name,
        "title": link.video.display_title,
    }
    if link.is_open:
        subject = _("%(sender)s shared a video with you: %(title)s") % names
    else:
        subject = _("%(sender)s shared a video with you") % names
    context = {
        "sender": names["sender"],
        "workspace": workspace.name,
        "note": delivery.note,
        "footer": branding_of(workspace).footer,
        "url": link.public_url,
        "has_password": link.has_password,
        "expires_at": link.expires_at,
    }
    body = render_to_string("sharing/link_mail.txt", context)
    reply_to = [sender.email] if sender and link.shows_sender else []
    return EmailMessage(cut(as_line(subject), 150), body, None, [delivery.email], reply_to=reply_to)
