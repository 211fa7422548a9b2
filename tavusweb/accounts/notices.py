"""Mails to people about their accounts."""

import logging

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tavusweb.http import absolute_url

from .adapters import sends_mail
from .models import User

log = logging.getLogger(__name__)


def tell_of_guessing(user_id: int) -> bool:
    """Mail a person that many wrong passwords were tried for their account. Return False when no mail was sent."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not sends_mail():
        return False
    body = render_to_string("account/guessing_mail.txt", {"url": absolute_url("/account/")})
    try:
        send_mail(_("Wrong passwords for your account"), body, None, [user.email])
    except (OSError, ValueError) as error:
        log.warning("A notice about account %s could not be mailed (%s)", user.pk, type(error).__name__)
        return False
    return True
