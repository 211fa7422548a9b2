"""Mails to people about their videos."""

import logging
from functools import partial

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from tavusweb.accounts.adapters import sends_mail
from tavusweb.http import absolute_url
from tavusweb.text_policy import cut

from .models import Video

ASK_TO_RESOLVE = "tavusweb.videos.notices.ask_to_resolve"

log = logging.getLogger(__name__)


def ask_to_resolve_later(video: Video) -> None:
    """Have a worker mail that an unsure video needs a decision: a slow mail server must not delay the engine."""
    transaction.on_commit(partial(async_task, ASK_TO_RESOLVE, str(video.pk), save=False), robust=True)


def ask_to_resolve(video_id: str) -> bool:
    """Mail the creator of an unsure video that it needs a decision. Return False when no mail was sent."""
    video = Video.objects.select_related("workspace", "created_by").filter(pk=video_id).exclude(asks="").first()
    person = video.created_by if video else None
    if video is None or person is None or not person.is_active or not sends_mail():
        return False
    if not video.workspace.memberships.filter(user=person).exists():
        return False
    context = {"video": video, "person": person, "url": absolute_url(video.get_absolute_url())}
    subject = cut(" ".join((_("Decision needed: %(title)s") % {"title": video.display_title}).split()), 150)
    try:
        send_mail(subject, render_to_string("videos/resolve_mail.txt", context), None, [person.email])
    except (OSError, ValueError) as error:  # smtplib's are OSErrors; ValueError: an address it cannot encode
        log.warning("A notice about video %s could not be mailed (%s)", video.pk, type(error).__name__)
        return False
    return True
