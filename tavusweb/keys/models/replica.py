from django.db import models
from django.utils.translation import gettext_lazy as _

from tavusweb.search_field import FoldedField, FoldingQuerySet

from .key import APIKey


class ReplicaState(models.TextChoices):
    READY = "ready", _("Ready")
    TRAINING = "training", _("Training")
    FAILED = "failed", _("Failed")


class ReplicaQuerySet(FoldingQuerySet["Replica"]):
    def in_state(self, state: str) -> "ReplicaQuerySet":
        """Match replicas in a state; all of them for anything that is no state."""
        has_failed = ~models.Q(error_message="") | models.Q(status="error")
        match state:
            case ReplicaState.FAILED:
                return self.filter(has_failed)
            case ReplicaState.READY | ReplicaState.TRAINING:
                return self.exclude(has_failed).filter(is_usable=state == ReplicaState.READY)
        return self


class Replica(models.Model):
    """A replica as one key last saw it at Tavus. A cache: Tavus decides what may be used."""

    api_key = models.ForeignKey(APIKey, models.CASCADE, related_name="replicas")
    replica_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, blank=True, choices=[("user", _("Custom")), ("system", _("Stock"))])
    model_name = models.CharField(max_length=60, blank=True, help_text=_("as Tavus names it, such as phoenix-3"))
    status = models.CharField(max_length=60, blank=True)
    training_progress = models.PositiveSmallIntegerField(null=True, blank=True)
    thumbnail_url = models.URLField(max_length=4096, blank=True)
    image_url = models.URLField(max_length=4096, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    is_usable = models.BooleanField(default=True)
    seen_at = models.DateTimeField()
    name_folded = FoldedField("name")

    objects = ReplicaQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["api_key", "replica_id"], name="one_replica_per_key")]
        ordering = ["kind", "name", "replica_id"]

    @property
    def state(self) -> "ReplicaState":
        if self.error_message or self.status == "error":
            return ReplicaState.FAILED
        return ReplicaState.READY if self.is_usable else ReplicaState.TRAINING

    def __str__(self) -> str:
        return self.name or self.replica_id
