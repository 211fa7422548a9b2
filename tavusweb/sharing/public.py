"""The share page: for strangers, on any phone, without an account or a cookie."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tavusweb.videos.estimate import estimate
from tavusweb.videos.player import embed_url
from tavusweb.videos.watching import look, refresh_if_stale

from .models import ShareLink
from .policy import HTTP_STATUS, Shows, decide


@require_safe
def share(request: HttpRequest, token: str) -> HttpResponse:
    link = _find(token)
    if link is None:
        return _private(render(request, "sharing/unknown.html", status=404))
    shown = _shown(link)
    return _private(render(request, "sharing/share.html", shown, status=HTTP_STATUS.get(shown["shows"], 200)))


@require_safe
def share_panel(request: HttpRequest, token: str) -> HttpResponse:
    """The part of the page that turns into the video by itself."""
    link = _find(token)
    if link is None:
        return _private(render(request, "sharing/_share_panel.html", {"shows": Shows.REVOKED}))
    return _private(render(request, "sharing/_share_panel.html", _shown(link)))


def _find(token: str) -> ShareLink | None:
    links = ShareLink.objects.select_related("video__workspace", "video__api_key", "video__created_by", "created_by")
    return links.filter(token=token).first()


def _shown(link: ShareLink) -> dict[str, Any]:
    """Only what this state of the page may say: the video's row itself never reaches the template."""
    video = link.video
    shows = decide(is_revoked=link.is_revoked, status=video.status, is_being_deleted=bool(video.wants_delete))
    if shows in HTTP_STATUS:
        return {"shows": shows}
    look([video.pk])
    refresh_if_stale(video)
    shown = {
        "shows": shows,
        "link": link,
        "title": video.display_title,
        "sender": link.created_by.display_name if link.created_by else "",
        "workspace_name": video.workspace.name,
    }
    if shows == Shows.NOT_READY:
        shown |= {
            "progress": video.progress,
            "is_rendering": video.is_rendering,
            "estimate": estimate(video, at=timezone.now()),
        }
    if shows == Shows.VIDEO:
        shown |= {"embed_url": embed_url(video)}
    return shown


def _private(response: HttpResponse) -> HttpResponse:
    """No cache, no search engine, no referrer."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response
