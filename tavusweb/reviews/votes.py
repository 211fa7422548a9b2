"""Vote counting: each voter once, members separately, and only for the current version of a take."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count

from tavusweb.videos.models import Video

from .fingerprint import fingerprint_of
from .models import Vote
from .speaker import Proof


@dataclass(slots=True)
class Tally:
    """Votes for one take by viewers and members, and outdated votes, which don't count."""

    viewers: list[Vote] = field(default_factory=list)
    members: list[Vote] = field(default_factory=list)
    outdated: list[Vote] = field(default_factory=list)


def tallies(link: str, videos: Iterable[Video]) -> dict[UUID, Tally]:
    """Count the votes for each of these takes through one gate, in one query."""
    fingerprints = {video.pk: fingerprint_of(video) for video in videos}
    counted = {pk: Tally() for pk in fingerprints}
    for vote in Vote.objects.filter(link=link, video__in=fingerprints).select_related("user"):
        tally = counted[vote.video_id]
        if vote.fingerprint != fingerprints[vote.video_id]:
            tally.outdated.append(vote)
        elif vote.proof == Proof.MEMBER:
            tally.members.append(vote)
        else:
            tally.viewers.append(vote)
    return counted


@dataclass(slots=True)
class Counts:
    """Votes for one take through all gates: of viewers, of members, and outdated ones, which don't count."""

    viewers: int = 0
    members: int = 0
    outdated: int = 0


def counts(videos: Iterable[Video]) -> dict[UUID, Counts]:
    """Count the voters of these takes, in one query. Someone who voted through two gates is counted once."""
    fingerprints = {video.pk: fingerprint_of(video) for video in videos}
    counted = {pk: Counts() for pk in fingerprints}
    rows = Vote.objects.filter(video__in=fingerprints).order_by().values_list("video", "fingerprint", "proof")
    for pk, fingerprint, proof, voters in rows.annotate(voters=Count("voter", distinct=True)):
        if fingerprint != fingerprints[pk]:
            counted[pk].outdated += voters
        elif proof == Proof.MEMBER:
            counted[pk].members += voters
        else:
            counted[pk].viewers += voters
    return counted
