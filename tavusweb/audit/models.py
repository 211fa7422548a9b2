"""Rows of the audit log. They are appended and never changed; `record` writes and `verify` proves them."""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tavusweb.search_field import FoldedField

from .actions import AuditAction, action_choices
from .words import name_in_words, value_in_words

INSTANCE = "instance"  # the name of the chain of what belongs to no workspace


class AppendOnly(Exception):
    """An attempt to change or remove a recorded event."""


class AuditChain(models.Model):
    """The head of a workspace's audit log, or of the instance's. Appending locks its row.

    `closed_…` is the signed checkpoint that stands for the events which retention has removed.
    """

    name = models.CharField(max_length=80, unique=True)
    workspace = models.OneToOneField(
        "workspaces.Workspace", models.SET_NULL, null=True, blank=True, related_name="audit_chain"
    )
    last_seq = models.PositiveBigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)
    closed_seq = models.PositiveBigIntegerField(default=0)
    closed_hash = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_seal = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_instances(self) -> bool:
        return self.name == INSTANCE

    @property
    def title(self) -> str:
        """The owner's name, for people."""
        if self.is_instances:
            return _("This server")
        return (
            f"{self.workspace.name} ({self.workspace.slug})"
            if self.workspace
            else _("%(name)s (deleted)") % {"name": self.name}
        )

    @property
    def file_name(self) -> str:
        return self.workspace.slug if self.workspace else self.name.replace("#", "-")


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


class AuditEvent(models.Model):
    """Who did what, from where, to what, and what it was before and after.

    Without foreign keys to people and things: deleting those must not change or remove an event.
    """

    chain = models.ForeignKey(AuditChain, models.PROTECT, related_name="events")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(gettext_lazy("actor"), max_length=254, blank=True)
    actor_pk = models.BigIntegerField(null=True, blank=True)
    address = models.CharField(gettext_lazy("address"), max_length=45, blank=True)
    agent = models.CharField(gettext_lazy("browser"), max_length=200, blank=True)
    action = models.CharField(gettext_lazy("action"), max_length=30, choices=action_choices)
    target = models.CharField(gettext_lazy("target"), max_length=200, blank=True)
    target_type = models.CharField(max_length=40, blank=True)
    target_pk = models.CharField(max_length=64, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)
    # What is searched, and no part of what the hash covers.
    actor_folded = FoldedField("actor")
    target_folded = FoldedField("target")

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="one_event_per_link")]
        indexes = [
            models.Index(fields=["chain", "action", "seq"], name="audit_by_action"),
            models.Index(fields=["chain", "actor_pk", "seq"], name="audit_by_actor"),
            models.Index(fields=["chain", "at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}: {self.what}"

    @property
    def what(self) -> str:
        return str(AuditAction(self.action).label) if self.action in AuditAction.values else self.action

    @property
    def by_whom(self) -> str:
        return self.actor or (_("Not signed in") if self.address else _("This server"))

    @property
    def changes(self) -> list[dict[str, Any]]:
        """The values before and after, by name, in words."""
        return [
            {
                "name": name_in_words(name),
                "was": value_in_words(name, self.before[name]) if self.before.get(name) is not None else None,
                "is": value_in_words(name, self.after[name]) if name in self.after else _("removed"),
            }
            for name in sorted({*self.before, *self.after})
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly
