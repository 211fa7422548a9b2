from django.conf import settings
from django.db import models
from django.utils import timezone

from ..kinds import Cadence, kind_choices


class Preference(models.Model):
    """One person's delivery preference for one kind. Defaults apply without a row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_preferences")
    kind = models.CharField(max_length=30, choices=kind_choices)
    mail = models.CharField(max_length=6, choices=Cadence.choices)
    in_app = models.BooleanField(default=True)
    in_browser = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_preference_per_kind")]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"


class Mute(models.Model):
    """A subject muted by one person. `title` is its name when muted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mutes")
    workspace = models.ForeignKey("workspaces.Workspace", models.CASCADE, related_name="+")
    about = models.CharField(max_length=80)
    title = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "about"], name="one_mute_per_thing")]

    def __str__(self) -> str:
        return f"{self.user}: {self.title or self.about}"
