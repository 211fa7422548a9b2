"""When a video will probably be ready: from what the same replica took lately, told as a range."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from .life import Status
from .models import Video

RECENT = 20  # videos that an estimate looks back on
LOW, HIGH = 0.7, 1.5  # the range around the middle
TRUSTED_PROGRESS = 15  # per cent from which the progress itself tells the speed


@dataclass(frozen=True)
class Estimate:
    low: int  # seconds from now
    high: int

    def __str__(self) -> str:
        if self.high < 60:
            return "less than a minute left"
        low, high = max(self.low // 60, 1), -(-self.high // 60)
        return f"about {high} min left" if low >= high else f"about {low} to {high} min left"


def usual_seconds(video: Video) -> int | None:
    """The median seconds from submission to ready of this replica's last videos, or else of the key's."""
    done = Video.objects.filter(api_key_id=video.api_key_id, status=Status.READY, finished_at__isnull=False)
    for group in (done.filter(replica_id=video.replica_id), done):
        spans = [
            (finished - submitted).total_seconds()
            for submitted, finished in group.order_by("-created_at").values_list("submitted_at", "finished_at")[:RECENT]
            if submitted and finished
        ]
        if spans:
            return max(round(median(spans)), 1)
    return None


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
