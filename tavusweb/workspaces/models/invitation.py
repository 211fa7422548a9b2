import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from ..permissions import Permission, Role, can_grant, grantable_by
from .membership import Membership
from .workspace import Workspace

if TYPE_CHECKING:
    from tavusweb.accounts.models import User

TERMS = [(1, _("1 day")), (3, _("3 days")), (7, _("7 days")), (14, _("14 days")), (30, _("30 days"))]
USUAL_TERM = 7  # days


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, at: datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)

    def outstanding(self) -> "InvitationQuerySet":
        """Invitations that were neither used nor revoked, including expired ones."""
        return self.filter(accepted_at=None, revoked_at=None)

    def beyond(self, member: Membership, role: str | None) -> "InvitationQuerySet":
        """This member's outstanding invitations that `role`, or no membership, could not make."""
        rows = self.outstanding().filter(workspace=member.workspace_id, invited_by=member.user_id)
        return rows.exclude(role__in=grantable_by(role) if role else ())

    def by_token(self, token: str) -> "InvitationQuerySet":
        return self.filter(token_hash=token_hash(token.partition(".")[0]))


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def mailed(token: str) -> str:
    """The form of the token that only the email contains; it proves that the visitor received it."""
    return f"{token}.{salted_hmac('workspaces.invitation.mail', token, algorithm='sha256').hexdigest()[:40]}"


def was_mailed(token: str) -> bool:
    return constant_time_compare(
        token.encode(errors="replace"), mailed(token.partition(".")[0]).encode(errors="replace")
    )


class Invitation(models.Model):
    """A single-use way into a workspace for one person. Only the hash of its link is stored."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.EDITOR)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    lasts_days = models.PositiveSmallIntegerField(_("expires in"), choices=TERMS, default=USUAL_TERM)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.email} to {self.workspace}"

    @classmethod
    def issue(
        cls, workspace: Workspace, *, email: str, role: str, by: "User", lasts_days: int = USUAL_TERM
    ) -> tuple["Invitation", str]:
        """Create an invitation; return it with its token, which is not stored."""
        token = secrets.token_urlsafe(32)
        invitation = cls.objects.create(
            workspace=workspace,
            email=email,
            role=role,
            invited_by=by,
            token_hash=token_hash(token),
            lasts_days=lasts_days,
            expires_at=timezone.now() + timedelta(days=lasts_days),
        )
        return invitation, token

    @property
    def is_backed(self) -> bool:
        """Whether the person who made it could still make it."""
        maker = Membership.objects.filter(
            workspace=self.workspace_id, user=self.invited_by_id or 0, user__is_active=True
        ).first()
        return maker is not None and maker.can(Permission.MANAGE_MEMBERS) and can_grant(maker.role, self.role)

    def accept(self, user: "User") -> bool:
        """Make `user` a member; False when another request was first or the invitation is no longer valid."""
        now = timezone.now()
        with transaction.atomic():
            Workspace.objects.select_for_update(no_key=True).get(
                pk=self.workspace_id
            )  # before any membership, as in a role change
            if not self.is_backed:
                return False
            if not Invitation.objects.open(now).filter(pk=self.pk, token_hash=self.token_hash).update(accepted_at=now):
                return False
            self.workspace.kept_out.remove(user)
            # Existing members keep their role.
            Membership.objects.get_or_create(
                workspace_id=self.workspace_id, user=user, defaults={"role": self.role, "joined_at": now}
            )
        return True

    def renew(self, *, by: "User") -> str | None:
        """Replace the token and restart the term; None when the invitation was used or revoked in the meantime.

        From now on it is the invitation of the person who renews it.
        """
        token, until = secrets.token_urlsafe(32), timezone.now() + timedelta(days=self.lasts_days)
        current = Invitation.objects.outstanding().filter(pk=self.pk, token_hash=self.token_hash)
        if not current.update(token_hash=token_hash(token), expires_at=until, invited_by=by):
            return None
        self.token_hash, self.expires_at = token_hash(token), until
        return token

    def revoke(self) -> bool:
        return bool(Invitation.objects.outstanding().filter(pk=self.pk).update(revoked_at=timezone.now()))

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()
