"""The proof: what the provider's own log says we bought, against what our rows say became of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tavusweb.videos import naming
from tavusweb.videos.life import NEXT, Status
from tavusweb.videos.models import Video
from tests.chaos.ledger import Ledger, Purchase

FINAL = {Status.READY, Status.FAILED, Status.DELETED, Status.CANCELLED}


@dataclass
class Verdict:
    """Each list names the videos of which something is wrong; a run is in order when all are empty."""

    statuses: Counter[str] = field(default_factory=Counter)
    submissions: int = 0
    bought_twice_in_one_submission: list[str] = field(default_factory=list)
    bought_twice: list[str] = field(default_factory=list)
    bought_for_nobody: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    not_bought: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    broken_timelines: list[str] = field(default_factory=list)

    @property
    def findings(self) -> dict[str, list[str]]:
        return {name: value for name, value in vars(self).items() if isinstance(value, list)}

    @property
    def is_in_order(self) -> bool:
        return not any(self.findings.values())


def judge(asked_for: Iterable[str], videos: Iterable[Video], ledger: Ledger) -> Verdict:
    """`asked_for` are the ids of the videos for which somebody pressed Generate."""
    verdict = Verdict()
    by_mark = ledger.by_mark()
    rows = {str(video.pk): video for video in videos}
    verdict.lost = [pk for pk in asked_for if pk not in rows or rows[pk].status == Status.DRAFT]
    verdict.bought_twice_in_one_submission = [mark for mark, bought in by_mark.items() if len(bought) > 1]
    ours = set()
    for pk, video in rows.items():
        verdict.statuses[video.status] += 1
        verdict.submissions += video.attempt
        marks = {str(naming.Mark.of(video.pk, attempt)) for attempt in range(1, video.attempt + 1)}
        ours |= marks
        bought = [purchase for mark in marks for purchase in by_mark.get(mark, [])]
        if len(bought) > 1:
            verdict.bought_twice.append(pk)
        if video.status not in FINAL:
            verdict.unsettled.append(f"{pk} {video.status}")
        elif video.status != Status.CANCELLED and not bought:
            verdict.not_bought.append(pk)
        elif not _agrees(video, bought):
            verdict.wrong.append(pk)
        if not _is_unbroken(video):
            verdict.broken_timelines.append(pk)
    verdict.bought_for_nobody = [mark for mark in by_mark if mark not in ours]
    return verdict


def _agrees(video: Video, bought: list[Purchase]) -> bool:
    """Whether a settled row tells what the provider knows."""
    if video.status == Status.CANCELLED:
        return not bought
    if video.api_key is None or not any(purchase.video_id == video.tavus_id for purchase in bought):
        return False
    ends_as = Status.FAILED if bought[0].fails else Status.READY
    return bought[0].key == video.api_key.last4 and video.status in {ends_as, Status.DELETED}


def _is_unbroken(video: Video) -> bool:
    """Whether the timeline is one chain of allowed moves, from the draft to where the video stands."""
    stands, sent = Status.DRAFT, 0
    for event in video.events.order_by("at", "pk"):
        if not event.to_status:
            continue
        to = Status(event.to_status)
        if event.from_status != stands or to not in NEXT[stands]:
            return False
        sent += to == Status.SENDING
        stands = to
    return stands == video.status and sent == video.attempt
