"""Mails about invitations."""

import logging

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tavusweb.accounts.adapters import sends_mail
from tavusweb.accounts.models import User
from tavusweb.text_policy import cut
from tavusweb.workspaces.models import Invitation

log = logging.getLogger(__name__)


def is_set_up() -> bool:
    return sends_mail()


def send_invitation(invitation: Invitation, link: str, *, by: User) -> bool:
    """Mail the link to the invited person; False when the mail server refuses it."""
    context = {"invitation": invitation, "link": link, "sender": by}
    names = {"name": by.display_name, "workspace": invitation.workspace.name}
    subject = cut(" ".join((_("%(name)s invited you to %(workspace)s") % names).split()), 150)
    body = render_to_string("workspaces/invitation_mail.txt", context)
    try:
        send_mail(subject, body, None, [invitation.email])
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors; an address it cannot spell is a ValueError
        log.warning("An invitation could not be mailed (%s)", type(error).__name__)
        return False
    return True
