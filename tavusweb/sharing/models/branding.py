from hashlib import sha256
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tavusweb.workspaces.models import Workspace

from ..logos import Picture


class Player(models.TextChoices):
    HOSTED = "hosted", _("Tavus’s player")
    OWN = "own", _("This site’s player")


class Branding(models.Model):
    """Appearance and player of a workspace's public pages. Defaults apply without a row."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="branding")
    player = models.CharField(_("player"), max_length=6, choices=Player.choices, default=Player.HOSTED)
    accent = models.CharField(_("accent colour"), max_length=7, blank=True)
    logo = models.BinaryField(default=b"", editable=False)
    logo_type = models.CharField(max_length=10, blank=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_digest = models.CharField(max_length=16, blank=True, editable=False)
    footer = models.CharField(_("footer"), max_length=200, blank=True)
    approval_heading = models.CharField(_("heading above the approval"), max_length=80, blank=True)
    comments_heading = models.CharField(_("heading above the comments"), max_length=80, blank=True)
    shows_ai_notice = models.BooleanField(_("show the AI notice"), default=True)
    ai_notice = models.CharField(_("wording of the AI notice"), max_length=200, blank=True)
    shows_product = models.BooleanField(_("name tavusweb in the footer"), default=False)

    def __str__(self) -> str:
        return str(self.workspace)

    @staticmethod
    def columns_of(picture: Picture | None) -> dict[str, Any]:
        """Return the columns of a logo; None removes it."""
        if picture is None:
            return {"logo": b"", "logo_type": "", "logo_width": 0, "logo_height": 0, "logo_digest": ""}
        return {
            "logo": picture.content,
            "logo_type": picture.content_type,
            "logo_width": picture.width,
            "logo_height": picture.height,
            "logo_digest": sha256(picture.content).hexdigest()[:16],
        }

    @property
    def has_logo(self) -> bool:
        return bool(self.logo_digest)

    @property
    def logo_size(self) -> tuple[int, int]:
        """Return its width and height on the page, at most LOGO_BOX."""
        scale = min(LOGO_BOX[0] / self.logo_width, LOGO_BOX[1] / self.logo_height, 1)
        return max(1, round(self.logo_width * scale)), max(1, round(self.logo_height * scale))


LOGO_BOX = (200, 40)
# What a public page reads; never the picture itself.
SHOWN = (
    *("player", "accent", "logo_digest", "logo_width", "logo_height", "footer", "approval_heading"),
    *("comments_heading", "shows_ai_notice", "ai_notice", "shows_product"),
)


def branding_of(workspace: Workspace) -> Branding:
    """Return a workspace's branding, or unsaved defaults if it has none."""
    try:
        return workspace.branding
    except Branding.DoesNotExist:
        return Branding(workspace=workspace)
