"""Why a video waits in the queue, and until when; decided from its row and its key's, without a write."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from tavusweb.keys.health_states import Health

if TYPE_CHECKING:
    from .models import Video


class Wait(models.TextChoices):
    """Why a video waits in the queue."""

    NONE = "", ""
    TURN = "turn", _("Next in the queue.")
    SLOTS = (
        "slots",
        _("This API key has reached its concurrency limit. This video will be sent when a slot is free."),
    )
    RATE_LIMITED = "rate_limited", _("Tavus asked us to slow down.")
    OUT_OF_CREDITS = (
        "out_of_credits",
        _("Your Tavus account is out of credits. This video will be sent when credits are added."),
    )
    KEY_REFUSED = "key_refused", _("Tavus rejected this API key. This video will be sent when the key works again.")
    KEY_FROZEN = "key_frozen", _("This API key is frozen. This video will be sent when the key is unfrozen.")
    KEY_UNREADABLE = "key_unreadable", _("This server can’t decrypt the API key. Replace the key to continue.")
    APPROVAL = "approval", _("Waits until an owner or admin approves its cost. Nothing has been charged.")
    UNREACHABLE = "unreachable", _("Couldn’t reach Tavus. We’ll try again automatically.")


WAITS: dict[str, Wait] = {
    Health.NOT_RECOGNISED: Wait.KEY_REFUSED,
    Health.NOT_ALLOWED: Wait.KEY_REFUSED,
    Health.OUT_OF_CREDITS: Wait.OUT_OF_CREDITS,
    Health.RATE_LIMITED: Wait.RATE_LIMITED,
    Health.UNREACHABLE: Wait.UNREACHABLE,
    Health.UNREADABLE: Wait.KEY_UNREADABLE,
}


@dataclass(frozen=True, slots=True)
class KeyState:
    """The state of the API key that a waiting video will be sent with."""

    is_usable: bool = True
    trouble: str = ""  # a `Health`, while it keeps the key from sending
    has_slot_limit: bool = False
    waits_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class VideoState:
    """The state of a waiting video's own row: its last rejection, and when it will be sent."""

    wait: str
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a video waits, and until when; None when a person has to act first."""

    wait: Wait
    until: datetime | None


def decide(key: KeyState | None, video: VideoState) -> Decision:
    """Name the reason, with the key's state taking precedence over the video's own last rejection."""
    if video.wait == Wait.APPROVAL:
        return Decision(Wait.APPROVAL, None)
    if key is None:
        return Decision(Wait(video.wait or Wait.TURN), None)
    if not key.is_usable:
        return Decision(Wait.KEY_FROZEN, None)
    until = video.next_attempt_at and max(video.next_attempt_at, key.waits_until or video.next_attempt_at)
    if key.trouble:
        return Decision(WAITS[key.trouble], until)
    wait = Wait(video.wait or Wait.TURN)
    return Decision(Wait.SLOTS if wait == Wait.TURN and key.has_slot_limit else wait, until)


def decision_of(video: "Video") -> Decision:
    """Decide for a row and the key that it was loaded with."""
    key = video.api_key
    if key is None:
        return decide(None, VideoState(video.wait, video.next_attempt_at))
    state = KeyState(
        is_usable=key.is_usable,
        trouble=key.health if key.has_trouble and not key.may_send_now else "",
        has_slot_limit=key.has_slot_limit,
        waits_until=key.submissions_wait_until,
    )
    return decide(state, VideoState(video.wait, video.next_attempt_at))
