"""Mail the operators about a reported video."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from tavusweb.accounts.adapters import sends_mail
from tavusweb.http import absolute_url
from tavusweb.text_policy import as_line, cut

from .models import Report

log = logging.getLogger(__name__)


def mail_operators(report_pk: int) -> bool:
    """Mail the addresses in REPORTS_TO. Returns False without any, without mail, or if the mail server refuses."""
    report = Report.objects.select_related("link__video__workspace").filter(pk=report_pk).first()
    if report is None or not settings.REPORTS_TO or not sends_mail():
        return False
    workspace = report.link.video.workspace
    url = absolute_url(reverse("backoffice_link", args=[report.link_id]))
    body = render_to_string("sharing/report_mail.txt", {"report": report, "workspace": workspace, "url": url})
    subject = cut(as_line(_("Video reported in %(name)s") % {"name": workspace.name}), 150)
    try:
        send_mail(subject, body, None, settings.REPORTS_TO)
    except (OSError, ValueError) as error:
        log.warning("A report could not be mailed to the operators (%s)", type(error).__name__)
        return False
    return True
