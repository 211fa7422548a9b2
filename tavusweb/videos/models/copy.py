from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb import text_policy
from tavusweb.keys.models import APIKey


class RemoteCopyQuerySet(models.QuerySet["RemoteCopy"]):
    def to_delete(self) -> "RemoteCopyQuerySet":
        """The copies whose deletion at Tavus is requested and not done."""
        return self.exclude(delete_at=None)


class RemoteCopy(models.Model):
    """Another submission of the same video at Tavus, besides the one that is followed.

    `extra` was bought although it was not wanted: an answer that was lost, and a submission that turned up late.
    `past` is what a retry left behind; it is kept so that a search does not take it for a lost submission.
    """

    class Kind(models.TextChoices):
        EXTRA = "extra", _("Extra")
        PAST = "past", _("Left by a retry")

    video = models.ForeignKey("videos.Video", models.CASCADE, related_name="copies")
    # The secret that showed it and will delete it: the video's key may have another by now.
    api_key = models.ForeignKey(
        APIKey, models.SET_NULL, null=True, editable=False, related_name="remote_copies", db_index=False
    )
    kind = models.CharField(max_length=5, choices=Kind.choices)
    tavus_id = models.CharField(_("Tavus ID"), max_length=200)
    attempt = models.PositiveIntegerField()
    seconds = models.FloatField(_("estimated length in seconds"), null=True, blank=True)
    found_at = models.DateTimeField(default=timezone.now, editable=False)
    # Set by whoever asks for its deletion at Tavus; the engine deletes it then.
    delete_at = models.DateTimeField(null=True, blank=True, editable=False)
    delete_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    not_found_count = models.PositiveSmallIntegerField(default=0, editable=False)  # "not found" answers in a row
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RemoteCopyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("remote copies")
        constraints = [models.UniqueConstraint(fields=["video", "tavus_id"], name="one_copy_per_id")]
        indexes = [
            models.Index(fields=["api_key", "delete_at"], condition=Q(delete_at__isnull=False), name="copy_to_delete")
        ]
        ordering = ["attempt", "pk"]

    def __str__(self) -> str:
        return f"{self.tavus_id} (attempt {self.attempt})"

    @property
    def is_being_deleted(self) -> bool:
        return self.delete_at is not None and self.deleted_at is None


def spoken_seconds(script: str, audio_seconds: float | None) -> float | None:
    """Estimate the length of a video in seconds, from its recording or its script."""
    if audio_seconds:
        return audio_seconds
    return text_policy.spoken_seconds(script) or None
