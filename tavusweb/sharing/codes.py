"""Codes that prove a visitor's email address: mailed once, valid for ten minutes, limited in attempts."""

import hmac
import secrets

from django.core.cache import cache
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from tavusweb.rate_limits import Limit, may_go_on

from .models import ShareLink
from .models.branding import branding_of

VALID_FOR = 10 * 60  # seconds
MAIL = "tavusweb.sharing.codes.mail"


def send(link: ShareLink, email: str, *, address: str) -> bool:
    """Queue a new code for mailing; False when this visitor or this address has requested too many."""
    is_allowed = may_go_on(Limit.MAIL_CODE, f"{link.pk} {address}") and may_go_on(Limit.MAIL_CODE_ADDRESS, email)
    if is_allowed:
        code = f"{secrets.randbelow(10**6):06d}"
        cache.set(_key(link.pk, email), code, VALID_FOR)
        async_task(MAIL, link.pk, email, get_language() or "en", save=False)
    return is_allowed


def mail(link_id: int, email: str, language: str) -> None:
    """Mail the code stored for this address, if it is still there."""
    code = cache.get(_key(link_id, email))
    link = ShareLink.objects.select_related("video__workspace").filter(pk=link_id).first()
    if not code or link is None:
        return
    with override(language):
        workspace = link.video.workspace
        context = {"code": code, "workspace": workspace, "footer": branding_of(workspace).footer}
        subject = _("Your code: %(code)s") % context
        send_mail(subject, render_to_string("sharing/code_mail.txt", context), None, [email])


def confirm(link: ShareLink, email: str, code: str) -> bool:
    """Return whether this is the code mailed to this address. It works once."""
    key = _key(link.pk, email)
    expected = cache.get(key, "")
    if not expected or not may_go_on(Limit.CONFIRM_CODE, key):
        return False
    if not hmac.compare_digest(expected.encode(), code.encode()):
        return False
    cache.delete(key)
    return True


def _key(link_id: int, email: str) -> str:
    return f"share-code:{link_id}:{email}"
