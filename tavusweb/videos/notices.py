"""Mails to people about their videos."""

import logging

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tavusweb.accounts.adapters import sends_mail
from tavusweb.http import absolute_url

from .models import Video

log = logging.getLogger(__name__)


def ask_to_resolve(video: Video) -> bool:
    """Mail the creator of an unsure video that it needs a decision. Return False when no mail was sent."""
    person = video.created_by
    if person is None or not person.is_active or not sends_mail():
        return False
    if not video.workspace.memberships.filter(user=person).exists():
        return False
    context = {"video": video, "person": person, "url": absolute_url(video.get_absolute_url())}
    subject = " ".join((_("Decision needed: %(title)s") % {"title": video.display_title}).split())[:150]
    try:
        send_mail(subject, render_to_string("videos/resolve_mail.txt", context), None, [person.email])
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors; an address it cannot spell is a ValueError
        log.warning("A notice about video %s could not be mailed (%s)", video.pk, type(error).__name__)
        return False
    return True
