import hashlib
import uuid
from typing import TYPE_CHECKING, Any

import httpx
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.sealing import CannotOpen, seal, unseal
from tavusweb.tavus import Tavus
from tavusweb.workspaces.models import Workspace

from .. import sending
from ..health_states import LOST, Health
from ..sending import Block, KeyState
from .handover import Handover
from .key_health import REFRESH_EVERY
from .queryset import APIKeyQuerySet

if TYPE_CHECKING:
    from tavusweb.accounts.models import User


# The columns that replacing a secret writes.
REPLACED_FIELDS = ("sealed", "sandbox_digest", "last4", "replaced_at", "replaced_by")


def digest_of(secret: str) -> str:
    """The SHA-256 by which the row of a sandbox key is found without opening any sealed secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


class APIKey(Handover):
    """A Tavus key, held encrypted by a workspace.

    The secret goes in through `put_secret` and out through `connect`, and nowhere else. A deleted key keeps its
    row, without the secret, because its videos remember which key made them.

    When a secret is replaced, the old one goes on in a row of its own, the key's predecessor, for what is under way in
    its account: videos, deletions that were requested, and searches for submissions that may turn up late. Nothing new is
    bought with it, and it is gone when the last of these has ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    sealed = models.TextField(editable=False)
    last4 = models.CharField(max_length=4, editable=False)
    is_sandbox = models.BooleanField(_("sandbox"), default=False)
    # By which the sandbox finds its keys; empty for live and deleted keys.
    sandbox_digest = models.CharField(max_length=64, blank=True, default="", editable=False, db_index=True)
    is_default = models.BooleanField(_("default"), default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    replaced_at = models.DateTimeField(null=True, blank=True, editable=False)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    successor = models.ForeignKey("self", models.CASCADE, null=True, editable=False, related_name="predecessors")
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    retired_at = models.DateTimeField(_("deleted at"), null=True, blank=True, editable=False)

    objects = APIKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=Q(retired_at=None, successor=None),
                name="one_current_key_per_name",
            ),
            models.UniqueConstraint(fields=["workspace"], condition=Q(is_default=True), name="one_default_key"),
        ]
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"{self.name} (…{self.last4})"

    # The only way to read the secret.

    @property
    def _row(self) -> str:
        return f"keys.apikey:{self.pk}"

    def put_secret(self, secret: str) -> None:
        """Seal a new secret into this unsaved or saved row; the caller saves."""
        self.sealed = seal(secret, row=self._row)
        self.sandbox_digest = digest_of(secret) if self.is_sandbox else ""
        self.last4 = secret[-4:] if len(secret) >= 12 else ""

    def replace_secret(self, secret: str, *, by: "User") -> bool:
        """Put a new secret into a saved key; what was submitted with the old one is followed with that to its end.

        False when the key was deleted or replaced in the meantime.
        """
        old = self.sealed
        self.put_secret(secret)
        self.replaced_at, self.replaced_by = timezone.now(), by
        written = {name: getattr(self, name) for name in REPLACED_FIELDS}
        with transaction.atomic():
            row = APIKey.objects.select_for_update().current().filter(pk=self.pk, sealed=old).first()
            if row is None:
                return False
            row._leave_behind(by)
            APIKey.objects.filter(pk=self.pk).update(**written)
        return True

    def _leave_behind(self, by: "User") -> None:
        """Move what is under way at Tavus to a row with the current secret, if that can still be used."""
        videos, copies = self.videos.under_way_at_tavus(), self.remote_copies.to_delete()
        rechecks = self.rechecked_videos.exclude(recheck_at=None)
        if self.health == Health.NOT_RECOGNISED or not any(rows.exists() for rows in (videos, copies, rechecks)):
            return
        try:
            secret = unseal(self.sealed, row=self._row)
        except CannotOpen:
            return
        names = ("name", "is_sandbox", "health", "created_by", "requests_at_once")
        copied = {name: getattr(self, name) for name in names}
        old = APIKey(workspace_id=self.workspace_id, successor=self, frozen_at=timezone.now(), frozen_by=by, **copied)
        old.put_secret(secret)
        old.replicas_refresh_at = timezone.now() + REFRESH_EVERY
        old.save()
        videos.update(api_key=old)
        copies.update(api_key=old)
        rechecks.update(recheck_key=old)

    def reseal(self) -> bool:
        """Seal the secret with the newest ring key; False when the row was changed meanwhile. Raises CannotOpen."""
        sealed = seal(unseal(self.sealed, row=self._row), row=self._row)
        return bool(APIKey.objects.filter(pk=self.pk, sealed=self.sealed).update(sealed=sealed))

    def connect(
        self, *, transport: httpx.AsyncBaseTransport | None = None, timeout: float = 10.0, secret: str = ""
    ) -> Tavus:
        """A client that speaks with this key to Tavus, or to the sandbox, within its limit of requests at once.

        `secret` is one to try instead of the key's own.

        Raises sealing.CannotOpen when the ring no longer opens the secret.
        """
        return Tavus(
            base_url=settings.SANDBOX_API_URL if self.is_sandbox else settings.TAVUS_API_URL,
            api_key=secret or unseal(self.sealed, row=self._row),
            transport=transport,
            timeout=timeout,
            connections=self.requests_at_once,
        )

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def may_be_asked(self) -> bool:
        """Whether Tavus can be asked with this key. A frozen key is still asked about its videos."""
        return self.retired_at is None

    @property
    def state(self) -> KeyState:
        return KeyState(
            is_deleted=self.retired_at is not None,
            is_replaced=self.successor_id is not None,
            is_frozen=self.is_frozen,
            rests_until=self.submissions_wait_until,
        )

    @property
    def is_usable(self) -> bool:
        return sending.may_send(self.state, timezone.now()).block in {None, Block.RESTING}

    @property
    def may_send_now(self) -> bool:
        return sending.may_send(self.state, timezone.now()).may_send

    def freeze(self, *, by: "User") -> bool:
        """Stop submissions at once; videos in production are followed to their end."""
        unfrozen = APIKey.objects.filter(sending.active(), pk=self.pk)
        return bool(unfrozen.update(frozen_at=timezone.now(), frozen_by=by))

    def unfreeze(self) -> bool:
        now = timezone.now()
        frozen = APIKey.objects.current().filter(pk=self.pk).exclude(frozen_at=None)
        return bool(frozen.update(frozen_at=None, frozen_by=None, replicas_refresh_at=now))

    def make_default(self) -> bool:
        """Preselect this key in forms; False when it is gone."""
        with transaction.atomic():
            current = APIKey.objects.select_for_update().filter(workspace_id=self.workspace_id).current()
            if not current.filter(pk=self.pk).exists():
                return False
            current.filter(is_default=True).update(is_default=False)
            current.filter(pk=self.pk).update(is_default=True)
        return True

    def _needed_by(self) -> "models.QuerySet[Any]":
        """The videos that cannot be finished without this secret. Of a lost one, no deletion at Tavus is expected."""
        return self.videos.pending() if self.health in LOST else self.videos.needing_key()

    def pending_count(self) -> int:
        """How many videos that are not finished need this key or an old secret of it."""
        return sum(key._needed_by().count() for key in (self, *self.predecessors.all()))

    def retire(self) -> bool:
        """Delete the key: the secret is gone for good, its name stays beside the videos that it made.

        False while videos in our queue, in production or to be deleted at Tavus need it.
        """
        for old in self.predecessors.all():
            if not old._needed_by().exists():
                old.give_up()
        needed = self._needed_by().values("api_key")
        draining = APIKey.objects.filter(successor=self).values("successor")
        gone = {"sealed": "", "sandbox_digest": "", "retired_at": timezone.now(), "is_default": False}
        free = APIKey.objects.current().filter(pk=self.pk).exclude(pk__in=needed).exclude(pk__in=draining)
        if not free.update(**gone):
            return False
        self.replicas.all().delete()
        return True

    @classmethod
    def make(cls, workspace: Workspace, *, name: str, secret: str, is_sandbox: bool, by: "User | None") -> "APIKey":
        """A new key, sealed and not saved."""
        key = cls(workspace=workspace, name=name, is_sandbox=is_sandbox, created_by=by)
        key.put_secret(secret)
        return key
