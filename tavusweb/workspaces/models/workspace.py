import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from tavusweb.accounts.email_domains import verified_domains

from ..permissions import Role

if TYPE_CHECKING:
    from tavusweb.accounts.models import User


KEEP_AUDIT_CHOICES = [(90, _("90 days")), (365, _("1 year")), (730, _("2 years")), (2555, _("7 years"))]


RETIRED_FOR = timedelta(days=90)


class RetiredSlugManager(models.Manager["RetiredSlug"]):
    def taken(self, slug: str) -> bool:
        return self.filter(slug=slug, retired_at__gt=timezone.now() - RETIRED_FOR).exists()

    def forget_old(self) -> int:
        return self.filter(retired_at__lte=timezone.now() - RETIRED_FOR).delete()[0]


class RetiredSlug(models.Model):
    """The slug of a deleted workspace, taken for a while: old bookmarks must not lead to a stranger's workspace."""

    slug = models.SlugField(max_length=50, unique=True)
    retired_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RetiredSlugManager()

    def __str__(self) -> str:
        return self.slug


class WorkspaceManager(models.Manager["Workspace"]):
    def of(self, user: "User") -> models.QuerySet["Workspace"]:
        return self.filter(memberships__user=user).order_by("name", "pk")

    def open_to(self, user: "User") -> models.QuerySet["Workspace"]:
        """Workspaces that this person can join by a verified address. Removed members need a new invitation."""
        theirs = self.filter(join_domains__domain__in=verified_domains(user))
        return theirs.exclude(memberships__user=user).exclude(kept_out=user).distinct().order_by("name", "pk")

    def create_with_owner(self, name: str, owner: "User") -> "Workspace":
        """Create a workspace with its first owner. Its slug comes from the name, with a suffix when it is taken."""
        base = slugify(name)[:40].strip("-") or "team"
        slug = base
        while True:
            try:
                with transaction.atomic():
                    if RetiredSlug.objects.taken(slug):
                        raise IntegrityError
                    workspace = self.create(name=name, slug=slug)
                    workspace.memberships.create(user=owner, role=Role.OWNER)
                    return workspace
            except IntegrityError:
                if not self.filter(slug=slug).exists() and not RetiredSlug.objects.taken(slug):
                    raise
                slug = f"{base}-{secrets.token_hex(2)}"


class Requirement(models.TextChoices):
    """How members must sign in."""

    NOTHING = "", _("A password or a passkey")
    TWO_FACTOR = "two_factor", _("Two-factor authentication")
    SSO = "sso", _("Single sign-on")


class Workspace(models.Model):
    """A team's shared space: members, API keys, videos, share links, settings. Everything belongs to exactly one."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(max_length=50, unique=True)
    requires = models.CharField(max_length=10, choices=Requirement.choices, blank=True, default=Requirement.NOTHING)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    kept_out = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True, editable=False)
    keep_audit_days = models.PositiveIntegerField(
        _("keep the audit log for"), null=True, blank=True, choices=KEEP_AUDIT_CHOICES
    )
    keep_visits_days = models.PositiveIntegerField(_("days to keep visits"), null=True, blank=True)

    objects = WorkspaceManager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("videos", args=[self.slug])

    def join(self, user: "User") -> bool:
        """Make a person with domain access a viewer; False without access, or when they are a member already."""
        if not Workspace.objects.open_to(user).filter(pk=self.pk).exists():
            return False
        return self.memberships.get_or_create(user=user, defaults={"role": Role.VIEWER})[1]

    @property
    def url(self) -> str:
        return self.get_absolute_url()
