from django.db import models

from tavusweb.videos.models import Video

from .link import ShareLink


class OfferedTake(models.Model):
    """A take that a link's viewers can choose. Their votes are `reviews.Vote`."""

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="offered_takes")
    video = models.ForeignKey(Video, models.CASCADE, related_name="offered_takes")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["link", "video"], name="one_offer_per_take")]

    def __str__(self) -> str:
        return f"{self.video} offered by {self.link}"
