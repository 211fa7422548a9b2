"""Why a video waits in our own queue, and until when: from its own row and its key's, without a write."""

from datetime import datetime
from typing import TYPE_CHECKING

from tavusweb.keys.health import Health

if TYPE_CHECKING:
    from .models import Video
from django.db import models


class Wait(models.TextChoices):
    """Why a video waits in our own queue."""

    NONE = "", ""
    TURN = "turn", "It is next in line."
    SLOTS = "slots", "All slots of this API key at Tavus are taken. It goes out when one is free."
    RATE_LIMITED = "rate_limited", "Tavus asked us to slow down."
    OUT_OF_CREDITS = "out_of_credits", "The Tavus account has no credits left. It goes out when there are some."
    KEY_REFUSED = "key_refused", "Tavus refuses this API key. It goes out when the key works again."
    KEY_FROZEN = "key_frozen", "The API key is frozen. It goes out when the key is unfrozen."
    KEY_UNREADABLE = "key_unreadable", "The API key cannot be opened on this server. Paste it again on the keys page."
    UNREACHABLE = "unreachable", "Tavus could not be reached. It is tried again by itself."


WAITS: dict[str, Wait] = {
    Health.NOT_RECOGNISED: Wait.KEY_REFUSED,
    Health.NOT_ALLOWED: Wait.KEY_REFUSED,
    Health.OUT_OF_CREDITS: Wait.OUT_OF_CREDITS,
    Health.RATE_LIMITED: Wait.RATE_LIMITED,
    Health.UNREACHABLE: Wait.UNREACHABLE,
    Health.UNREADABLE: Wait.KEY_UNREADABLE,
}


def reason(video: "Video") -> Wait:
    """What holds a waiting video back: its key's state before its own last refusal."""
    key = video.api_key
    if key and not key.is_usable:
        return Wait.KEY_FROZEN
    if key and key.has_trouble and not key.may_send_now:
        return WAITS[key.health]
    wait = Wait(video.wait or Wait.TURN)
    return Wait.SLOTS if wait == Wait.TURN and key and key.has_slot_limit else wait


def until(video: "Video") -> datetime | None:
    """When a waiting video is tried next; None when a person has to act first."""
    key = video.api_key
    if key is None or not key.is_usable or video.next_attempt_at is None:
        return None
    return max(video.next_attempt_at, key.submissions_wait_until or video.next_attempt_at)
