from django.conf import settings
from django.db import models
from django.utils import timezone

from .status import Status


class VideoEvent(models.Model):
    """One line of a video's timeline: who or what, when, from, to, and what the provider said."""

    video = models.ForeignKey("videos.Video", models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    from_status = models.CharField(max_length=12, choices=Status.choices, blank=True)
    to_status = models.CharField(max_length=12, choices=Status.choices, blank=True)
    text = models.CharField(max_length=300, blank=True)
    said = models.TextField("what Tavus said", blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["video", "at"])]

    def __str__(self) -> str:
        return self.text or f"{self.from_status} → {self.to_status}"
