from django.conf import settings
from django.db import models
from django.utils import timezone

from tavusweb.videos.models import Video

from ..speaker import Proof, Speaker


class Said(models.Model):
    """What somebody answered to one take of a video: who, how that is known, and through which gate."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="%(class)ss")
    link = models.CharField(max_length=40, blank=True, editable=False)
    link_name = models.CharField(max_length=80, blank=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    proof = models.CharField(max_length=6, choices=Proof.choices)
    fingerprint = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def put_speaker(self, speaker: Speaker) -> None:
        """Take down who spoke; the caller saves."""
        self.link, self.link_name = speaker.link, speaker.link_name[:80]
        self.user, self.name, self.email = speaker.user, speaker.name[:80], speaker.email
        self.proof = speaker.proof

    @property
    def speaker_name(self) -> str:
        """A name to show, "" for somebody who gave none. Never an address that stands in for a name."""
        return self.user.name if self.user else self.name

    @property
    def identity(self) -> str:
        return Speaker(Proof(self.proof), self.name, self.email, self.user, self.link).identity
