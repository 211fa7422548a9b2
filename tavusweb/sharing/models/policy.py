from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tavusweb.workspaces.models import Workspace

from ..link_policy import LinkPolicy
from ..visitor_policy import CommentRule

LONGEST = 3650  # days


class WorkspaceLinkPolicy(models.Model):
    """A workspace's policy for all its share links. Nothing is required without a row."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="link_policy")
    max_days = models.PositiveIntegerField(
        _("links expire within"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
    )
    needs_gate = models.BooleanField(_("a password or a confirmed email is required"), default=False)
    allows_download = models.BooleanField(_("downloads can be allowed"), default=True)
    comments = models.CharField(
        _("comments at most"), max_length=9, choices=CommentRule.choices, default=CommentRule.ANONYMOUS
    )

    def __str__(self) -> str:
        return str(self.workspace)

    def as_policy(self) -> LinkPolicy:
        return LinkPolicy(self.max_days, self.needs_gate, self.allows_download, CommentRule(self.comments))


def policy_of(workspace: Workspace) -> LinkPolicy:
    """Return the policy of a workspace, in one query."""
    row = WorkspaceLinkPolicy.objects.filter(workspace=workspace).first()
    return row.as_policy() if row else LinkPolicy()
