from django.db import models
from django.utils.translation import gettext_lazy as _

from tavusweb.search_field import FoldedField, FoldingQuerySet

from .key import APIKey


class Replica(models.Model):
    """A replica as one key last saw it at Tavus. A cache: Tavus decides what may be used."""

    api_key = models.ForeignKey(APIKey, models.CASCADE, related_name="replicas")
    replica_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, blank=True, choices=[("user", _("Custom")), ("system", _("Stock"))])
    status = models.CharField(max_length=60, blank=True)
    training_progress = models.PositiveSmallIntegerField(null=True, blank=True)
    thumbnail_url = models.URLField(max_length=4096, blank=True)
    image_url = models.URLField(max_length=4096, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    is_usable = models.BooleanField(default=True)
    seen_at = models.DateTimeField()
    name_folded = FoldedField("name")

    objects = FoldingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["api_key", "replica_id"], name="one_replica_per_key")]
        ordering = ["kind", "name", "replica_id"]

    def __str__(self) -> str:
        return self.name or self.replica_id
