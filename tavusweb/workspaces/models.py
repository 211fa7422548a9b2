import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from .access import Act, Role, may

if TYPE_CHECKING:
    from tavusweb.accounts.models import User

INVITATION_LASTS = timedelta(days=7)


class WorkspaceManager(models.Manager["Workspace"]):
    def of(self, user: "User") -> models.QuerySet["Workspace"]:
        return self.filter(memberships__user=user).order_by("name", "pk")

    def found(self, name: str, owner: "User") -> "Workspace":
        """Create a workspace with its first owner. Its slug comes from the name, numbered when it is taken."""
        base = slugify(name)[:40].strip("-") or "team"
        slug = base
        while True:
            try:
                with transaction.atomic():
                    workspace = self.create(name=name, slug=slug)
                    workspace.memberships.create(user=owner, role=Role.OWNER)
                    return workspace
            except IntegrityError:
                if not self.filter(slug=slug).exists():
                    raise
                slug = f"{base}-{secrets.token_hex(2)}"


class Requirement(models.TextChoices):
    """How members have to have signed in."""

    NOTHING = "", "Nothing more than a password or a passkey"
    TWO_FACTOR = "two_factor", "Two-factor authentication"
    SSO = "sso", "Single sign-on"


class Workspace(models.Model):
    """A team's room: members, API keys, videos, shares, settings. Everything belongs to exactly one."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=50, unique=True)
    requires = models.CharField(max_length=10, choices=Requirement.choices, blank=True, default=Requirement.NOTHING)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceManager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("videos", args=[self.slug])

    @property
    def url(self) -> str:
        return self.get_absolute_url()


class Membership(models.Model):
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_user")]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace} ({self.role})"

    def may(self, act: Act) -> bool:
        return may(self.role, act)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, at: datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)

    def by_token(self, token: str) -> "InvitationQuerySet":
        return self.filter(token_hash=token_hash(token))


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Invitation(models.Model):
    """A way into a workspace for one person, once. Only the hash of its link is kept."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.EDITOR)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.email} to {self.workspace}"

    @classmethod
    def issue(cls, workspace: Workspace, *, email: str, role: str, by: "User") -> tuple["Invitation", str]:
        """A new invitation and its token, which is shown now and never again."""
        token = secrets.token_urlsafe(32)
        invitation = cls.objects.create(
            workspace=workspace,
            email=email,
            role=role,
            invited_by=by,
            token_hash=token_hash(token),
            expires_at=timezone.now() + INVITATION_LASTS,
        )
        return invitation, token

    def accept(self, user: "User") -> bool:
        """Make `user` a member; False when another request was first or the invitation has ended."""
        now = timezone.now()
        with transaction.atomic():
            if not Invitation.objects.open(now).filter(pk=self.pk).update(accepted_at=now):
                return False
            Membership.objects.get_or_create(
                workspace_id=self.workspace_id, user=user, defaults={"role": self.role, "joined_at": now}
            )
        return True

    def revoke(self) -> bool:
        return bool(Invitation.objects.open(timezone.now()).filter(pk=self.pk).update(revoked_at=timezone.now()))
