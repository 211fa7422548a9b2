"""What a workspace mails to people."""

import logging

from django.core.mail import send_mail
from django.template.loader import render_to_string

from tavusweb.accounts.adapters import sends_mail
from tavusweb.accounts.models import User
from tavusweb.workspaces.models import Invitation

log = logging.getLogger(__name__)


def is_set_up() -> bool:
    return sends_mail()


def send_invitation(invitation: Invitation, link: str, *, by: User) -> bool:
    """Mail the link to whom it is for; False when the mail server does not take it."""
    context = {"invitation": invitation, "link": link, "sender": by}
    subject = " ".join(f"{by.display_name} invites you to {invitation.workspace.name}".split())[:150]
    body = render_to_string("workspaces/invitation_mail.txt", context)
    try:
        send_mail(subject, body, None, [invitation.email])
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors; an address it cannot spell is a ValueError
        log.warning("An invitation could not be mailed (%s)", type(error).__name__)
        return False
    return True
