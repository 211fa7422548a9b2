from datetime import datetime
from typing import Any

from django.db import transaction

from ..health_states import Health
from .key_health import KeyHealth

DISOWNED_AFTER = 4  # failures in a row, at least three minutes; a single 401 may be a mistake of Tavus


class Handover(KeyHealth):
    """The end of an old secret: what it still has goes to the key that it belonged to."""

    successor: Any
    successor_id: Any
    videos: Any
    rechecked_videos: Any
    remote_copies: Any

    class Meta:
        abstract = True

    def give_up(self) -> None:
        """Give the videos of an old secret back to the key that it belonged to, and forget the secret."""
        with transaction.atomic():
            self._hand_back()
            self.delete()

    def record_trouble(self, health: Health, detail: str, *, wait: float | None = None) -> datetime:
        until = super().record_trouble(health, detail, wait=wait)
        is_lost = health == Health.UNREADABLE or (health == Health.NOT_RECOGNISED and self.failures >= DISOWNED_AFTER)
        if self.successor_id and is_lost:
            self._hand_back()  # the new secret may belong to the same account
        return until

    def _hand_back(self) -> None:
        """Hand everything over as from before the replacement, though it may have been adopted or found later.

        Otherwise the new account, which need not have it, would be believed that it is gone.
        """
        since = self.successor.replaced_at
        self.videos.filter(submitted_at__gt=since).update(submitted_at=since)
        self.remote_copies.filter(found_at__gt=since).update(found_at=since)
        self.videos.update(api_key=self.successor_id)
        self.remote_copies.update(api_key=self.successor_id)
        self.rechecked_videos.update(recheck_key=self.successor_id)
