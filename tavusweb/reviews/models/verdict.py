from django.db import models
from django.utils.translation import gettext_lazy as _

from ..speaker import Proof, Speaker
from .feedback import Feedback

LONGEST_REASON = 2000  # characters


class VerdictKind(models.TextChoices):
    APPROVED = "approved", _("Approved")
    CHANGES = "changes", _("Changes requested")


class Verdict(Feedback):
    """A reviewer's approval of a take, or request for changes. Valid until withdrawn or the video changes."""

    kind = models.CharField(max_length=8, choices=VerdictKind.choices)
    reason = models.TextField(max_length=LONGEST_REASON, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["video", "created_at"])]

    @property
    def proven(self) -> frozenset[str]:
        """Return the identities that are verified, not just entered."""
        if self.user is not None:
            return frozenset({f"user:{self.user.pk}", f"email:{self.user.email.lower()}"})
        return frozenset({f"email:{self.email.lower()}"}) if self.proof == Proof.CODE else frozenset()

    def is_by(self, speaker: Speaker) -> bool:
        """Return whether this speaker gave it: same account, browser or confirmed address."""
        if self.is_of(user=speaker.user, guest=speaker.guest):
            return True
        is_confirmed = speaker.proof == self.proof == Proof.CODE
        return is_confirmed and speaker.email.lower() == self.email.lower()

    def says_the_same_as(self, other: "Verdict") -> bool:
        """Return whether the other verdict is a resubmission of this one."""
        said = ("kind", "reason", "identity", "guest")
        return self.withdrawn_at is None and all(getattr(self, name) == getattr(other, name) for name in said)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.video}"
