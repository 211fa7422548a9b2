import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from tavusweb.keys.models import APIKey
from tavusweb.workspaces.models import Workspace

from .audio import AudioFile


class Background(models.TextChoices):
    NONE = "none", "The replica's own"
    PAGE = "page", "Web page"
    VIDEO = "video", "Video"


class VideoSpec(models.Model):
    """What was asked: who is on screen, what they say, and how it looks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="videos")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    title = models.CharField(max_length=120, blank=True)
    api_key = models.ForeignKey(
        APIKey, models.PROTECT, null=True, blank=True, related_name="videos", verbose_name="API key"
    )
    replica_id = models.CharField("replica", max_length=200, blank=True)
    replica_name = models.CharField(max_length=200, blank=True, editable=False)
    script = models.TextField(blank=True)
    audio = models.ForeignKey(AudioFile, models.SET_NULL, null=True, blank=True, related_name="videos")
    audio_url = models.URLField("audio URL", max_length=2000, blank=True)
    background = models.CharField(max_length=5, choices=Background.choices, default=Background.NONE)
    background_url = models.URLField("background URL", max_length=2000, blank=True)
    background_scroll = models.BooleanField("scroll the page", default=True)
    background_scroll_type = models.CharField(
        "scroll like", max_length=6, default="human", choices=[("human", "A person"), ("smooth", "A machine, smoothly")]
    )
    background_scroll_depth = models.CharField(
        "scroll to", max_length=6, default="middle", choices=[("middle", "The middle"), ("bottom", "The bottom")]
    )
    background_scroll_return = models.CharField(
        "at the end", max_length=6, default="return", choices=[("return", "Go back to the top"), ("halt", "Stay there")]
    )
    watermark_image_url = models.URLField("watermark image URL", max_length=2000, blank=True)
    fast = models.BooleanField("fast render", default=False)
    transparent_background = models.BooleanField("transparent background", default=False)
    start_with_wave = models.BooleanField("start with a wave", default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.display_title

    @property
    def display_title(self) -> str:
        return self.title or "Untitled"
