from typing import TYPE_CHECKING

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .video import Video

LANGUAGES = sorted(
    ((code, info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info),
    key=lambda language: language[1].casefold(),
)
NAMES = dict(LANGUAGES)


class Caption(models.Model):
    """The captions of one video in one language, as WebVTT that `captions.written` wrote. Tavus makes none."""

    video: "models.ForeignKey[Video, Video]" = models.ForeignKey(
        "videos.Video", models.CASCADE, related_name="captions"
    )
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES)
    content = models.TextField(_("content"))
    cues = models.PositiveIntegerField(_("captions"))
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["video", "language"], name="one_caption_per_language")]

    def __str__(self) -> str:
        return f"{self.video} ({self.language})"

    @property
    def language_name(self) -> str:
        return str(NAMES.get(self.language, self.language))
