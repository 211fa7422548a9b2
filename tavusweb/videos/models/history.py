from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from ..spec import VideoSpec


class SavedVersion(models.Model):
    """An earlier state of a draft, to compare and restore: named by a person, or kept by itself while it is edited."""

    video = models.ForeignKey("videos.Video", models.CASCADE, related_name="saved_versions")
    name = models.CharField(max_length=80, blank=True)  # empty: kept by itself
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    fields = models.JSONField(default=dict)  # as in DraftVersion

    class Meta:
        ordering = ["-saved_at", "-pk"]

    def __str__(self) -> str:
        return self.name or f"{self.saved_at:%Y-%m-%d %H:%M}"

    def changes(self) -> dict[str, Any]:
        """The fields of the draft that restoring this version would write."""
        workspace, fields = self.video.workspace, {n: v for n, v in self.fields.items() if n in VideoSpec.names()}
        key, audio = fields.get("api_key"), fields.get("audio")
        fields["api_key"] = workspace.api_keys.filter(pk=key).first() if key else None
        fields["audio"] = workspace.audio_files.filter(pk=audio).first() if audio else None
        return fields

    @property
    def spec(self) -> VideoSpec:
        return VideoSpec(**self.changes())


class DraftPresence(models.Model):
    """A window that has a draft open, as it last said."""

    video = models.ForeignKey("videos.Video", models.CASCADE, related_name="presences")
    window = models.CharField(max_length=36)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["video", "window"], name="one_presence_per_window")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.video_id}"
