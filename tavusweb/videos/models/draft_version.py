from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from ..spec import VideoSpec


class DraftVersion(models.Model):
    """One window's version of a draft that another window saved first; kept until a person decides."""

    video = models.ForeignKey("videos.Video", models.CASCADE, related_name="versions")
    window = models.CharField(max_length=36)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    fields = models.JSONField(default=dict)  # of VideoSpec; rows by their keys

    class Meta:
        constraints = [models.UniqueConstraint(fields=["video", "window"], name="one_version_per_window")]
        ordering = ["saved_at", "pk"]

    def __str__(self) -> str:
        return f"{self.video} in another window"

    @property
    def spec(self) -> VideoSpec:
        """The spec as typed, with the key and the recording if they still exist."""
        return VideoSpec(**self.changes())

    def changes(self) -> dict[str, Any]:
        """The fields of the video's row that this version would change."""
        workspace, fields = self.video.workspace, dict(self.fields)
        key, audio = fields.get("api_key"), fields.get("audio")
        fields["api_key"] = workspace.api_keys.filter(pk=key).first() if key else None
        fields["audio"] = workspace.audio_files.filter(pk=audio).first() if audio else None
        return fields

    @staticmethod
    def storable(spec: VideoSpec) -> dict[str, Any]:
        named = {name: getattr(spec, name) for name in VideoSpec.names()}
        return {name: str(value.pk) if isinstance(value, models.Model) else value for name, value in named.items()}
