from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.videos.models import Video

from ..wanted import ANYBODY, Wanted

MOST_REVIEWERS = 50


class ApprovalRequest(models.Model):
    """The number of approvals a video needs, from whom and by when.

    `reviewers` holds `{"email": …, "name": …, "user": pk or None}` of each; without any, everybody's approval counts.
    """

    video = models.OneToOneField(Video, models.CASCADE, related_name="approval_request")
    needed = models.PositiveSmallIntegerField(_("approvals needed"), default=1, validators=[MinValueValidator(1)])
    reviewers = models.JSONField(default=list, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(reminded_at=None, due_at__isnull=False), name="approval_to_remind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.video}: {self.needed}"

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.needed, tuple(identities_of(each) for each in self.reviewers))

    @property
    def is_overdue(self) -> bool:
        return self.due_at is not None and self.due_at <= timezone.now()


def identities_of(reviewer: dict[str, Any]) -> frozenset[str]:
    """Return a reviewer's identities: their confirmed address and their account."""
    known = {f"email:{reviewer['email'].lower()}"}
    return frozenset(known | ({f"user:{reviewer['user']}"} if reviewer.get("user") else set()))


def wanted_for(video: Video) -> Wanted:
    """Return the approval requirements of a video: by default, one approval from anyone."""
    request = request_for(video)
    return request.wanted if request else ANYBODY


def request_for(video: Video) -> ApprovalRequest | None:
    try:
        found: ApprovalRequest = video.approval_request
    except ApprovalRequest.DoesNotExist:
        return None
    return found
