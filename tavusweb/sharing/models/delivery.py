from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .link import ShareLink

LONGEST_NOTE = 1000


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")


class Delivery(models.Model):
    """Delivery of a share link to one email address. `SENT` means that the mail server accepted it."""

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="deliveries")
    email = models.EmailField(max_length=254)
    note = models.TextField(max_length=LONGEST_NOTE, blank=True)
    language = models.CharField(max_length=10, default="en")
    state = models.CharField(max_length=7, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    state_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "state_at"])]
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return self.email

    def move(self, before: DeliveryState, after: DeliveryState) -> bool:
        """Change the state; return False if another process did first."""
        rows = Delivery.objects.filter(pk=self.pk, state=before)
        return bool(rows.update(state=after, state_at=timezone.now()))
