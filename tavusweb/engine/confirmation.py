"""Confirm a Tavus ID that only a word vouches for: an answer without a name, or what a person entered.

Until a reading has shown the video, nothing else is done with the ID. One that proves wrong is given back, and a person
is asked (again).
"""

from typing import Any

from django.utils import timezone

from tavusweb.tavus import RemoteVideo, TavusError
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Ask, IDSource
from tavusweb.videos.models.transitions import recheck_soon
from tavusweb.videos.naming import Mark, could_be_cut_from, folded

from . import not_found


def is_about_another(video: Video, remote: RemoteVideo) -> bool:
    """Whether an answer names a video that cannot be this submission: one that we know, or one of another name."""
    if mark := Mark.read(remote.name):
        is_ours = mark == Mark.of(video.pk, video.attempt)
    else:
        is_ours = not remote.name or could_be_cut_from(folded(remote.name), folded(video.submission_name))
        is_ours = is_ours and not video.copies.filter(tavus_id=remote.video_id).exists()
    return not is_ours or Video.objects.filter(tavus_id=remote.video_id).exclude(pk=video.pk).exists()


def is_followed_by_another(video: Video) -> bool:
    """Whether another video of this server has the ID: of two that were given it at once, the lower key keeps it.

    Asked only once Tavus has answered with the key at hand. So nobody learns about another workspace's video who cannot
    see it at Tavus.
    """
    others = Video.objects.filter(tavus_id=video.tavus_id).exclude(pk=video.pk)
    return others.exclude(unconfirmed_id=IDSource.PERSON, pk__gt=video.pk).exists()


def confirm(video: Video, remote: RemoteVideo) -> bool:
    """Confirm the ID by the first reading of it; False when it is not this video's, or the row has moved on.

    A person may have found the video under any name. Where Tavus names it nowhere, its list is searched later too.
    """
    is_of_answer = video.unconfirmed_id == IDSource.ANSWER
    if is_of_answer and is_about_another(video, remote):
        _give_back(video, Ask.OTHER_ANSWER)
        return False
    if not is_of_answer and is_followed_by_another(video):
        _give_back(video, Ask.OTHER_VIDEO)
        return False
    changes: dict[str, Any] = {"unconfirmed_id": ""}
    if is_of_answer and not remote.name:
        changes |= recheck_soon()
    held = Video.objects.filter(pk=video.pk, status=video.status, lease=video.lease)
    if not held.update(**changes):
        return False
    video.unconfirmed_id = ""
    return True


def give_back_unknown(video: Video, error: TavusError, not_found_count: int) -> bool:
    """Give back an ID that Tavus does not know; False while it may yet turn out to exist."""
    if not not_found.says_no_such_video(error):
        return False
    # What a person entered was to be seen at Tavus; what Tavus has just answered may be unknown for a while.
    since = video.submitted_at if video.unconfirmed_id == IDSource.ANSWER else None
    if not not_found.is_believed(not_found_count, known_since=since, at=timezone.now()):
        return False
    _give_back(video, Ask.ID_NOT_FOUND)
    return True


def _give_back(video: Video, ask: Ask) -> None:
    video.give_back_id(ask)
