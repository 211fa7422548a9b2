from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.workspaces.models import Workspace

from ..report_reasons import ReportReason
from .link import ShareLink

LONGEST_DETAILS = 1000
LONGEST_CLOSING = 500


class Report(models.Model):
    """A visitor's report about a link's video. Open until staff handle it."""

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="reports")
    reason = models.CharField(_("reason"), max_length=13, choices=ReportReason.choices)
    details = models.TextField(_("details"), max_length=LONGEST_DETAILS, blank=True)
    email = models.EmailField(_("email"), max_length=254, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["handled_at", "created_at"])]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.link}"


class LinkFreeze(models.Model):
    """A staff freeze on all share links of a workspace: none opens, and none can be created or restored."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="link_freeze")
    reason = models.CharField(_("reason"), max_length=LONGEST_CLOSING)
    frozen_at = models.DateTimeField(default=timezone.now)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.workspace)
