"""Estimate when a video will be ready, as a range, from recent videos of the same replica."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tavusweb.keys.models import Replica

from .models import Video
from .models.status import Status

LOOKED_BACK = 200  # most recent finished videos of a key that are considered
RECENT = 20  # of those, videos of the same replica that the median is taken of
LOW, HIGH = 0.7, 1.5  # the range around the median
TRUSTED_PROGRESS = 15  # percent; from here on the speed is computed from the progress


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
    """Median seconds from submission to ready of this replica's last videos, or else of the key's.

    None without any, and while the replica is in training: Tavus queues its videos until that is finished.
    """
    if Replica.objects.filter(api_key=video.api_key_id, replica_id=video.replica_id, is_usable=False).exists():
        return None
    done = Video.objects.filter(api_key=video.api_key_id, status=Status.READY, finished_at__isnull=False)
    lately = done.order_by("-finished_at")
    same = Video.objects.filter(pk__in=lately.values("pk")[:LOOKED_BACK], replica_id=video.replica_id)
    recent = _spans(same.order_by("-finished_at")) or _spans(lately)
    return max(round(median(recent)), 1) if recent else None


def _spans(finished: QuerySet[Video]) -> list[float]:
    """Return the seconds from submission to ready of the first few of these videos.

    Few rows are read: converting dates is most of the cost of an estimate, and each submission needs one.
    """
    times = finished.filter(submitted_at__isnull=False).values_list("submitted_at", "finished_at")[:RECENT]
    return [(end - start).total_seconds() for start, end in times if start and end]


def estimate(video: Video, *, at: datetime) -> Estimate | None:
    """Estimate the remaining time of a rendering video; None when there is no reliable basis."""
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
