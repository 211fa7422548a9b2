from django.db import models

from tavusweb.videos.models import Video

from .link import ShareLink


class VisitDay(models.Model):
    """The visits of one link on one day, added up once the day can no longer change: see `visit_days`.

    Without a link, those of all links of a video: somebody who opened two of them is one visitor. All numbers but
    `members` and `machines` are of visits by people who are no members.
    """

    link = models.ForeignKey(ShareLink, models.CASCADE, null=True, related_name="visit_days")
    video = models.ForeignKey(Video, models.CASCADE, related_name="+")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    visitors = models.PositiveIntegerField(default=0)
    measured = models.PositiveIntegerField(default=0)
    plays = models.PositiveIntegerField(default=0)
    quarter = models.PositiveIntegerField(default=0)
    half = models.PositiveIntegerField(default=0)
    three_quarters = models.PositiveIntegerField(default=0)
    whole = models.PositiveIntegerField(default=0)
    clicks = models.PositiveIntegerField(default=0)
    downloads = models.PositiveIntegerField(default=0)
    members = models.PositiveIntegerField(default=0)
    machines = models.PositiveIntegerField(default=0)
    durations = models.JSONField(default=dict)  # visits by seconds in front, in steps: see visit_numbers
    curve = models.JSONField(default=list)  # visits that played each of 50 segments

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "video", "day"], name="one_sum_per_link_and_day"),
            models.UniqueConstraint(
                fields=["video", "day"], condition=models.Q(link=None), name="one_sum_per_video_and_day"
            ),
        ]
        indexes = [models.Index(fields=["video", "day"]), models.Index(fields=["day"])]

    def __str__(self) -> str:
        return f"{self.link} on {self.day}"


class FirstVisit(models.Model):
    """A link's first visit by anyone but members and bots. Its owner is notified once."""

    link = models.OneToOneField(ShareLink, models.CASCADE, primary_key=True, related_name="first_visit")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.link} at {self.at:%Y-%m-%d %H:%M}"
