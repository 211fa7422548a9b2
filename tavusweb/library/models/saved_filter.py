from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.workspaces.models import Workspace

LONGEST_NAME = 60
MOST_FILTERS = 50  # of one person in one workspace


class SavedFilter(models.Model):
    """Filters of the library that a person keeps under a name: only theirs, in one workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    query = models.TextField(editable=False)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "workspace", "name"], name="one_filter_per_name")]

    def __str__(self) -> str:
        return self.name
