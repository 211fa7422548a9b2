from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .workspace import Workspace


class JoinDomain(models.Model):
    """A domain with access: anyone with a verified address there can join the workspace as a viewer."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="join_domains")
    domain = models.CharField(
        max_length=253, help_text=_("In lower case, with international names in their xn-- form.")
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["domain", "workspace"], name="one_row_per_domain")]
        ordering = ["domain"]

    def __str__(self) -> str:
        return self.domain
