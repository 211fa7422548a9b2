import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.keys.models import APIKey
from tavusweb.workspaces.models import Workspace

from ..naming import title_from
from ..spec import Background, ScrollDepth, ScrollReturn, ScrollType, VideoSpec
from .audio import AudioFile


class SpecMixin(models.Model):
    """The columns of a `VideoSpec`, and who created it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="videos")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    title = models.CharField(_("title"), max_length=120, blank=True)
    api_key = models.ForeignKey(
        APIKey, models.PROTECT, null=True, blank=True, related_name="videos", verbose_name=_("API key")
    )
    replica_id = models.CharField(_("replica"), max_length=200, blank=True)
    replica_name = models.CharField(max_length=200, blank=True, editable=False)
    script = models.TextField(_("script"), blank=True)
    audio = models.ForeignKey(AudioFile, models.SET_NULL, null=True, blank=True, related_name="videos")
    audio_url = models.URLField(_("audio URL"), max_length=2000, blank=True)
    background = models.CharField(
        _("background"), max_length=5, choices=Background.choices, default=VideoSpec.background
    )
    background_url = models.URLField(_("background URL"), max_length=2000, blank=True)
    background_scroll = models.BooleanField(_("scroll the page"), default=VideoSpec.background_scroll)
    background_scroll_type = models.CharField(
        _("scroll style"), max_length=6, choices=ScrollType.choices, default=VideoSpec.background_scroll_type
    )
    background_scroll_depth = models.CharField(
        _("scroll to"), max_length=6, choices=ScrollDepth.choices, default=VideoSpec.background_scroll_depth
    )
    background_scroll_return = models.CharField(
        _("after scrolling"), max_length=6, choices=ScrollReturn.choices, default=VideoSpec.background_scroll_return
    )
    watermark_image_url = models.URLField(_("watermark image URL"), max_length=2000, blank=True)
    fast = models.BooleanField(_("fast render"), default=VideoSpec.fast)
    transparent_background = models.BooleanField(_("transparent background"), default=VideoSpec.transparent_background)
    start_with_wave = models.BooleanField(_("start with a wave"), default=VideoSpec.start_with_wave)

    # For drafts: how often it was saved, and by which window last.
    version = models.PositiveIntegerField(default=0, editable=False)
    saved_in = models.CharField(max_length=36, blank=True, editable=False)

    spec_digest = models.CharField(max_length=64, blank=True, editable=False)  # once generated: `VideoSpec.digest`

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.display_title

    @property
    def spec(self) -> VideoSpec:
        return VideoSpec(**{name: getattr(self, name) for name in VideoSpec.names()})

    @property
    def display_title(self) -> str:
        """The title, or the first words of the script: in full, or `script_start` where a list reads only that."""
        known = self.__dict__
        return self.title or title_from(known.get("script") or known.get("script_start", ""))
