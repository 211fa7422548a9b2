from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tavusweb.videos.models import Video

from .link import ShareLink


class LinkTakeQuerySet(models.QuerySet["LinkTake"]):
    def planned(self) -> "LinkTakeQuerySet":
        """Return takes planned to replace their link's take once they are ready."""
        return self.filter(since=None)

    def past(self) -> "LinkTakeQuerySet":
        return self.exclude(until=None)


class LinkTake(models.Model):
    """A take that a link showed before, or will show once it is ready. The one it shows now is `ShareLink.video`.

    A planned take has neither `since` nor `until`; a past one has both. `by` planned it, or put the next one in its place.
    """

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="takes")
    video = models.ForeignKey(Video, models.CASCADE, related_name="link_takes")
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = LinkTakeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["link"], condition=Q(since=None), name="one_planned_take"),
        ]

    def __str__(self) -> str:
        return f"{self.video} behind {self.link}"
