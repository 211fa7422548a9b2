"""Two takes side by side, as a member sees them: what they say and show, and what people answered to each."""

from collections.abc import Sequence
from dataclasses import dataclass

from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import Verdict, VerdictKind
from tavusweb.reviews.models.approval_request import request_for
from tavusweb.reviews.queries import tally_of
from tavusweb.reviews.standing import Standing, Tally
from tavusweb.reviews.votes import Counts, counts
from tavusweb.videos.media_urls import embed_url, link_context
from tavusweb.videos.models import Video
from tavusweb.videos.spec import VideoSpec
from tavusweb.videos.version_diff import Part, differences

from .script_diff import Sentence, compare
from .stand_in import is_lost

OPTIONS = tuple(name for name in VideoSpec.names() if name not in {"title", "script"})  # both are shown in full
MOST_NAMES = 10  # of those who approved


@dataclass(frozen=True, slots=True)
class Take:
    """One of the two; `letter` tells them apart where the titles are the same."""

    letter: str
    video: Video
    sentences: list[Sentence]
    standing: Standing
    tally: Tally | None
    approved_by: list[Verdict]
    votes: Counts

    @property
    def embed_url(self) -> str:
        return "" if self.is_lost else embed_url(self.video)

    @property
    def link_url(self) -> str:
        return "" if self.is_lost else link_context(self.video).get("link_url", "")

    @property
    def is_lost(self) -> bool:
        return is_lost(self.video)

    @property
    def marked(self) -> int:
        """How many of its sentences the other take lacks."""
        return sum(sentence.is_only for sentence in self.sentences)

    @property
    def more_approved(self) -> int:
        return len(self.approved_by) - MOST_NAMES


@dataclass(frozen=True, slots=True)
class OptionDifference:
    """An option that differs, in words; "" is an empty one."""

    label: str
    texts: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    takes: tuple[Take, Take]
    options: list[OptionDifference]

    @property
    def has_same_script(self) -> bool:
        return not any(take.marked for take in self.takes)

    @property
    def has_script(self) -> bool:
        return any(take.sentences for take in self.takes)


def comparison_of(one: Video, other: Video) -> Comparison:
    """Compare two videos of a workspace, in two queries."""
    videos = (one, other)
    verdicts: dict[object, list[Verdict]] = {video.pk: [] for video in videos}
    for verdict in Verdict.objects.filter(video__in=videos).select_related("user"):
        verdicts[verdict.video_id].append(verdict)
    votes = counts(videos)
    scripts = compare(one.script, other.script)
    first, second = (
        _take(letter, video, sentences, verdicts[video.pk], votes[video.pk])
        for letter, video, sentences in zip("AB", videos, scripts, strict=True)
    )
    return Comparison((first, second), _options(one, other))


def _take(letter: str, video: Video, sentences: list[Sentence], verdicts: Sequence[Verdict], votes: Counts) -> Take:
    shown = fingerprint_of(video)
    tally = tally_of(video, verdicts, shown=shown)
    last = {row.identity: row for row in verdicts if row.fingerprint == shown}
    approved_by = [row for row in last.values() if row.kind == VerdictKind.APPROVED and not row.withdrawn_at]
    wanted = tally if request_for(video) else None
    return Take(letter, video, sentences, tally.standing, wanted, approved_by, votes)


def _options(one: Video, other: Video) -> list[OptionDifference]:
    found = []
    for each in differences(one.spec, other.spec, names=OPTIONS):
        texts = _joined(each.mine), _joined(each.theirs)
        if each.name == "replica_id":
            texts = _replica(one), _replica(other)
        found.append(OptionDifference(each.label, texts))
    return found


def _replica(video: Video) -> str:
    return f"{video.replica_name} ({video.replica_id})" if video.replica_name else video.replica_id


def _joined(parts: Sequence[Part]) -> str:
    return "".join(text for _, text in parts)
