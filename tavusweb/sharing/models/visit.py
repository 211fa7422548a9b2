from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.videos.models import Video

from .link import ShareLink


class Visit(models.Model):
    """One opening of a share page by one browser, as its page told it. No address, no agent and no cookie is kept.

    `number` is drawn by the page each time it is opened, so that one that tells the same twice counts once.
    `viewer` is a hash with a salt of the day: it tells two visits of one day apart, and nothing after that.
    """

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="visits")
    video = models.ForeignKey(Video, models.CASCADE, related_name="+", help_text=_("the one that the link then showed"))
    number = models.CharField(max_length=32)
    at = models.DateTimeField(default=timezone.now)
    viewer = models.CharField(max_length=16)
    is_machine = models.BooleanField(default=False)
    is_member = models.BooleanField(default=False)
    is_measured = models.BooleanField(_("in our own player, which tells what is played"), default=False)
    played_at = models.DateTimeField(null=True, blank=True)
    furthest = models.PositiveSmallIntegerField(_("percent that was played"), null=True, blank=True)
    watched = models.PositiveBigIntegerField(_("segments that were played, a bit for each of 50"), default=0)
    seconds = models.PositiveSmallIntegerField(_("seconds in front"), null=True, blank=True)
    clicked_at = models.DateTimeField(_("call to action at"), null=True, blank=True)
    downloaded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "number"], name="one_visit_per_opening")]
        indexes = [
            models.Index(fields=["link", "at"]),
            models.Index(fields=["video", "at"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.link} on {self.at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.video_id is None:
            self.video_id = self.link.video_id
        super().save(*args, **kwargs)
