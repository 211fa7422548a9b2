"""The proof: what the provider's own log says we bought, against what our rows say became of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tavusweb.videos.models import Video
from tavusweb.videos.models.status import TRANSITIONS, Ask, Status
from tests.chaos.ledger import Ledger, Purchase

FINAL = {Status.READY, Status.FAILED, Status.DELETED, Status.CANCELLED}
# Why a person is asked although the list tells the truth: the second submission was lost as well.
LOST_AGAIN = {Ask.ABSENT_AGAIN, Ask.DIED_TWICE}


@dataclass
class Verdict:
    """Each list names the videos of which something is wrong; a run is in order when all are empty."""

    statuses: Counter[str] = field(default_factory=Counter)
    submissions: int = 0
    sent_again: int = 0  # by itself, after it was proven absent
    asked: Counter[str] = field(default_factory=Counter)  # by behaviour and reason
    searching: Counter[str] = field(default_factory=Counter)  # by behaviour: too early for a person to be asked
    bought_twice: list[str] = field(default_factory=list)
    bought_for_nobody: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    not_bought: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    asked_needlessly: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    broken_timelines: list[str] = field(default_factory=list)

    @property
    def findings(self) -> dict[str, list[str]]:
        return {name: value for name, value in vars(self).items() if isinstance(value, list)}

    @property
    def is_in_order(self) -> bool:
        return not any(self.findings.values())


def judge(asked_for: Iterable[str], videos: Iterable[Video], ledger: Ledger, *, may_search: bool = False) -> Verdict:
    """`asked_for` are the ids of the videos for which somebody pressed Generate.

    With `may_search` the run was too short for a person to be asked: what cannot be proven may still be unsure.
    """
    verdict = Verdict()
    by_script = ledger.by_script()
    rows = {str(video.pk): video for video in videos}
    verdict.lost = [pk for pk in asked_for if pk not in rows or rows[pk].status == Status.DRAFT]
    for pk, video in rows.items():
        verdict.statuses[video.status] += 1
        verdict.submissions += video.attempt
        verdict.sent_again += video.resent_at is not None
        bought = by_script.get(video.script, [])
        if len(bought) > 1:
            verdict.bought_twice.append(pk)
        if not _is_unbroken(video):
            verdict.broken_timelines.append(pk)
        if video.status in FINAL:
            _judge_final(verdict, video, bought)
        else:
            _judge_open(verdict, video, bought, ledger, may_search=may_search)
    scripts = {video.script for video in rows.values()}
    verdict.bought_for_nobody = [script for script in by_script if script not in scripts]
    return verdict


def _judge_final(verdict: Verdict, video: Video, bought: list[Purchase]) -> None:
    if video.status != Status.CANCELLED and not bought:
        verdict.not_bought.append(str(video.pk))
    elif not _agrees(video, bought):
        verdict.wrong.append(str(video.pk))


def _judge_open(verdict: Verdict, video: Video, bought: list[Purchase], ledger: Ledger, *, may_search: bool) -> None:
    """What asks a person is settled, and on a key that tells the truth only when it was lost twice."""
    key = video.api_key.last4 if video.api_key else ""
    behaviour = ledger.behaviour_of(key)
    if video.asks_a_person:
        verdict.asked[f"{behaviour.name}: {video.asks}"] += 1
        if behaviour.can_prove and (bought or video.asks not in LOST_AGAIN):
            verdict.asked_needlessly.append(f"{video.pk} {video.asks}")
    elif may_search and video.is_unsure and not behaviour.can_prove:
        verdict.searching[behaviour.name] += 1
    else:
        verdict.unsettled.append(f"{video.pk} {video.status}")


def _agrees(video: Video, bought: list[Purchase]) -> bool:
    """Whether a settled row tells what the provider knows of one of its purchases; nobody deletes any."""
    if video.status == Status.CANCELLED:
        return not bought
    followed = next((purchase for purchase in bought if purchase.video_id == video.tavus_id), None)
    if video.api_key is None or followed is None:
        return False
    return followed.key == video.api_key.last4 and video.status == (Status.FAILED if followed.fails else Status.READY)


def _is_unbroken(video: Video) -> bool:
    """Whether the timeline is one chain of allowed moves, from the draft to where the video stands."""
    stands, sent = Status.DRAFT, 0
    for event in video.events.order_by("at", "pk"):
        if not event.to_status:
            continue
        to = Status(event.to_status)
        if event.from_status != stands or to not in TRANSITIONS[stands]:
            return False
        sent += to == Status.SENDING
        stands = to
    return stands == video.status and sent == video.attempt
