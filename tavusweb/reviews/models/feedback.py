import hmac
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from tavusweb.videos.models import Video

from ..speaker import Proof, Speaker


def take_time(video: Video) -> datetime | None:
    """Return the time by which people know a take, or None before there is one."""
    return (video.finished_at or video.submitted_at) if video.tavus_id else None


class Feedback(models.Model):
    """A comment or verdict on a take: its author, how they were identified, and through which gate."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="%(class)ss")
    link = models.CharField(max_length=40, blank=True, editable=False)
    link_name = models.CharField(max_length=80, blank=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    proof = models.CharField(max_length=6, choices=Proof.choices)
    guest = models.CharField(max_length=32, blank=True, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    take_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def put_speaker(self, speaker: Speaker) -> None:
        """Set the speaker without saving."""
        self.link, self.link_name = speaker.link, speaker.link_name[:80]
        self.user, self.name, self.email = speaker.user, speaker.name[:80], speaker.email
        self.proof, self.guest = speaker.proof, speaker.guest

    def put_take(self, video: Video, fingerprint: str) -> None:
        """Set the take's hash, and its completion time for display, without saving."""
        self.video, self.fingerprint = video, fingerprint
        self.take_at = take_time(video)

    def is_of(self, *, user: Any = None, guest: str = "") -> bool:
        """Return whether this member, or the browser with this mark, wrote it."""
        if user is not None and user.pk == self.user_id:
            return True
        return bool(guest) and self.user_id is None and hmac.compare_digest(self.guest, guest)

    @property
    def speaker_name(self) -> str:
        """Return the display name or "", never an email address in its place."""
        return self.user.name if self.user else self.name

    @property
    def identity(self) -> str:
        return Speaker(Proof(self.proof), self.name, self.email, self.user, self.link).identity
