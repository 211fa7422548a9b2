"""Candidates to replace a take: duplicates of the same video first, then the newest."""

from django.db.models import Q

from tavusweb.videos.models import Video, VideoQuerySet
from tavusweb.videos.models.status import PENDING, Status
from tavusweb.workspaces.models import Workspace

from ..models import ShareLink, ShareLinkQuerySet

MOST = 50  # of the related, and of the others: more are found by searching


def candidates(link: ShareLink, words: str = "") -> list[Video]:
    """Return the videos a link could show, filtered by the search `words`."""
    videos = _showable(link.video.workspace).exclude(pk=link.video_id)
    return _related_first(videos.search(words) if words else videos, link.video)


def others_to_compare(video: Video, words: str = "") -> list[Video]:
    """Return the videos to compare a take with, filtered by the search `words`."""
    videos = _showable(video.workspace).exclude(pk=video.pk)
    return _related_first(videos.search(words) if words else videos, video)


def links_to_put_behind(video: Video) -> list[ShareLink]:
    """The live links of the workspace that show another take: those of related ones first, then the newest."""
    links: ShareLinkQuerySet = ShareLink.objects.current().filter(
        video__workspace=video.workspace_id, video__trashed_at=None
    )
    links = links.exclude(video=video.pk).select_related("video").order_by("-created_at", "-pk")
    family = Q(video__original=_first_of(video)) | Q(video=_first_of(video))
    related = list(links.filter(family)[:MOST])
    return related + list(links.exclude(pk__in=[link.pk for link in related])[: MOST - len(related)])


def _showable(workspace: Workspace) -> VideoQuerySet:
    statuses = [Status.READY, *PENDING]
    return workspace.videos.current().filter(status__in=statuses, wants_delete="").for_rows()


def _related_first(videos: VideoQuerySet, video: Video) -> list[Video]:
    related = list(videos.filter(Q(original=_first_of(video)) | Q(pk=_first_of(video))).newest_first()[:MOST])
    others = videos.exclude(pk__in=[each.pk for each in related]).newest_first()
    return related + list(others[: MOST - len(related)])


def _first_of(video: Video) -> object:
    return video.original_id or video.pk
