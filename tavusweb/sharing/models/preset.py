from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.workspaces.models import Workspace

MOST_PRESETS = 50  # of one workspace


class SharePreset(models.Model):
    """A named preset of link rules. Stores the form's values, but never a password."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="share_presets")
    name = models.CharField(_("name"), max_length=80)
    values = models.JSONField(default=dict, editable=False)
    is_default = models.BooleanField(_("the workspace’s default"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [
            models.UniqueConstraint("workspace", Lower("name"), name="one_preset_per_name"),
            models.UniqueConstraint(fields=["workspace"], condition=Q(is_default=True), name="one_default_preset"),
        ]

    def __str__(self) -> str:
        return self.name
