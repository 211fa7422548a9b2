"""Mails to the owners of a share link."""

import logging
from functools import partial

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from tavusweb.accounts.adapters import sends_mail
from tavusweb.http import absolute_url
from tavusweb.text_policy import cut
from tavusweb.workspaces.permissions import Role

from .models import ShareLink

TELL_OF_GUESSING = "tavusweb.sharing.notices.tell_of_guessing"

log = logging.getLogger(__name__)


def note_guessing(link: ShareLink) -> None:
    """Mark a link whose password many wrong ones were tried for, and have a worker tell its owners."""
    ShareLink.objects.filter(pk=link.pk).update(guessed_at=timezone.now())
    transaction.on_commit(partial(async_task, TELL_OF_GUESSING, link.pk, save=False), robust=True)


def tell_of_guessing(link_id: int) -> bool:
    """Mail the creator of a link and the owners of its workspace. Return False when no mail was sent."""
    link = ShareLink.objects.current().select_related("video__workspace").filter(pk=link_id).first()
    if link is None or not sends_mail():
        return False
    workspace = link.video.workspace
    theirs = Q(role=Role.OWNER) | Q(user=link.created_by_id or 0)
    members = workspace.memberships.filter(theirs, user__is_active=True).select_related("user")
    url = absolute_url(link.video.get_absolute_url())
    body = render_to_string("sharing/guessing_mail.txt", {"link": link, "workspace": workspace, "url": url})
    title = {"title": link.video.display_title}
    subject = cut(" ".join((_("Wrong passwords for a share link: %(title)s") % title).split()), 150)
    try:
        send_mail(subject, body, None, [member.user.email for member in members])
    except (OSError, ValueError) as error:
        log.warning("A notice about share link %s could not be mailed (%s)", link.pk, type(error).__name__)
        return False
    return True
