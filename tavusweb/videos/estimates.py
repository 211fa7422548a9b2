"""When a video will probably be ready: from what the same replica took lately, told as a range."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.utils.translation import gettext as _

from tavusweb.keys.models import Replica

from .models import Video
from .models.status import Status

LOOKED_BACK = 200  # finished videos of a key, among which
RECENT = 20  # of the same replica tell how long it takes
LOW, HIGH = 0.7, 1.5  # the range around the middle
TRUSTED_PROGRESS = 15  # per cent from which the progress itself tells the speed


@dataclass(frozen=True)
class Estimate:
    low: int  # seconds from now
    high: int

    def __str__(self) -> str:
        if self.high < 60:
            return _("Less than a minute left")
        low, high = max(self.low // 60, 1), -(-self.high // 60)
        text = _("About %(high)d min left") if low >= high else _("About %(low)d to %(high)d min left")
        return text % {"low": low, "high": high}


def usual_seconds(video: Video) -> int | None:
    """The median seconds from submission to ready of this replica's last videos, or else of the key's.

    None when there are none, and while the replica is in training: Tavus queues its videos for as long as that takes.
    """
    if Replica.objects.filter(api_key=video.api_key_id, replica_id=video.replica_id, is_usable=False).exists():
        return None
    done = Video.objects.filter(api_key=video.api_key_id, status=Status.READY, finished_at__isnull=False)
    lately = done.order_by("-finished_at").values_list("replica_id", "submitted_at", "finished_at")[:LOOKED_BACK]
    spans = [(replica, (end - start).total_seconds()) for replica, start, end in lately if start and end]
    same = [span for replica, span in spans if replica == video.replica_id]
    recent = (same or [span for _, span in spans])[:RECENT]
    return max(round(median(recent)), 1) if recent else None


def estimate(video: Video, *, at: datetime) -> Estimate | None:
    """How long a rendering video has still to go, or None when nothing is known that would be true."""
    if not video.is_rendering or video.submitted_at is None:
        return None
    elapsed = max((at - video.submitted_at) / timedelta(seconds=1), 1.0)
    if video.progress >= TRUSTED_PROGRESS:
        left = elapsed * (100 - video.progress) / video.progress
    elif video.expected_seconds:
        left = video.expected_seconds - elapsed
    else:
        return None
    return Estimate(round(left * LOW), round(left * HIGH)) if left > 0 else None
