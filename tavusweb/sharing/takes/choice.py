"""Takes a link offers its viewers to choose from, and their votes."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, OuterRef, Q, Value

from tavusweb.reviews.models import Vote
from tavusweb.videos.media_urls import embed_url, link_context
from tavusweb.videos.models import Video

from ..forms.vote import VoteForm
from ..gate import Entry
from ..models import OfferedTake, ShareLink
from .stand_in import is_lost


@dataclass(frozen=True, slots=True)
class Choice:
    """One take of a choice, identified by `number`. The take already on the page needs no second player."""

    number: int
    video: Video
    is_shown: bool
    is_chosen: bool

    @property
    def title(self) -> str:
        return self.video.display_title

    @property
    def embed_url(self) -> str:
        return embed_url(self.video)

    @property
    def link_url(self) -> str:
        return link_context(self.video).get("link_url", "")


def choices_of(link: ShareLink, *, by: Q | None = None) -> list[Choice]:
    """The offered takes that can be watched, in one query; those that `by` voted for are chosen.

    The link gets the whole row of its own take, of which the gate reads only a part.
    """
    offered = OfferedTake.objects.filter(link=link).select_related("video__api_key", "video__audio")
    votes = Vote.objects.filter(by or Q(pk=None), link=str(link.pk), video=OuterRef("video"))
    mine: Any = Exists(votes) if by else Value(False, output_field=BooleanField())
    found = []
    for number, row in enumerate(offered.annotate(is_mine=mine), start=1):
        if row.video_id == link.video_id:
            row.video.workspace = link.video.workspace
            link.video = row.video
        if row.video.is_ready and row.video.is_kept and not is_lost(row.video):
            found.append(Choice(number, row.video, row.video_id == link.video_id, row.is_mine))
    return found


def context_of(entry: Entry, form: VoteForm | None = None) -> dict[str, Any]:
    """Return the context of the choice; empty while fewer than two takes can be watched."""
    choices = choices_of(entry.link, by=_votes_by(entry))
    if len(choices) < 2:
        return {}
    chosen = next((choice for choice in choices if choice.is_chosen), None)
    initial = {"take": str(chosen.video.pk)} if chosen else {}
    form = form or VoteForm(choices=choices, initial=initial, auto_id="vote_%s")
    return {"choices": choices, "chosen": chosen, "vote_form": form}


def _votes_by(entry: Entry) -> Q | None:
    """Return the votes of this visitor, as identified by their browser's cookies."""
    if entry.proven.email:
        return Q(voter=f"email:{entry.proven.email.lower()}")
    return Q(guest=entry.guest, user=None) if entry.guest else None
