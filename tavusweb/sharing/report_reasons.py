"""The reasons for reporting a video."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportReason(models.TextChoices):
    DECEPTION = "deception", _("It is a scam or misleading")
    IMPERSONATION = "impersonation", _("It shows or imitates someone without permission")
    HARMFUL = "harmful", _("It is hateful, violent or sexual")
    PRIVATE = "private", _("It reveals private information")
    OTHER = "other", _("Something else")
