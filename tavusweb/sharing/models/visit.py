from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .link import ShareLink


class Visit(models.Model):
    """One opening of a share page by one browser, as its page told it. No address, no agent and no cookie is kept.

    `number` is drawn by the page each time it is opened, so that one that tells the same twice counts once.
    `viewer` is a hash with a salt of the day: it tells two visits of one day apart, and nothing after that.
    """

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="visits")
    number = models.CharField(max_length=32)
    at = models.DateTimeField(default=timezone.now)
    viewer = models.CharField(max_length=16)
    is_machine = models.BooleanField(default=False)
    is_member = models.BooleanField(default=False)
    played_at = models.DateTimeField(null=True, blank=True)
    furthest = models.PositiveSmallIntegerField(_("percent that was reached"), null=True, blank=True)
    clicked_at = models.DateTimeField(_("call to action at"), null=True, blank=True)
    downloaded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "number"], name="one_visit_per_opening")]
        indexes = [models.Index(fields=["link", "at"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.link} on {self.at:%Y-%m-%d}"
