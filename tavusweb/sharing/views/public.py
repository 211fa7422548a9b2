"""The share page: for strangers, on any phone, without an account, and without a cookie unless it asks a password."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.http import client_address
from tavusweb.rate_limits import may_go_on
from tavusweb.videos.estimates import estimate
from tavusweb.videos.media_urls import embed_url
from tavusweb.videos.presence import mark_watched, refresh_if_stale

from .. import unlock
from ..forms import UnlockForm
from ..models import ShareLink
from ..policy import HTTP_STATUS, Shows, decide

HOUR = 60 * 60
MOST_DENIALS = 20  # written down for one link within an hour

WRONG = "This is not the password. Look at it once more, capitals count."
TOO_MANY = "Too many tries. Wait ten minutes, or ask whoever sent you the link."


@csrf_exempt  # a stranger's page has no session to ride on; what is posted is the password itself
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, token: str) -> HttpResponse:
    link = _find(token)
    if link is None:
        return _private(render(request, "sharing/unknown.html", status=404))
    shows = _decide(request, link)
    if request.method == "POST":
        return _private(_unlock(request, link) if shows == Shows.LOCKED else HttpResponseNotAllowed(["GET", "HEAD"]))
    if shows in HTTP_STATUS:
        _note_denied(request, link, shows)
    return _private(render(request, "sharing/share.html", _shown(link, shows), status=HTTP_STATUS.get(shows, 200)))


def _unlock(request: HttpRequest, link: ShareLink) -> HttpResponse:
    """Let in whoever types the password. The page is asked for again, so that a reload sends nothing twice."""
    form = UnlockForm(request.POST)
    is_tried = form.is_valid()
    is_allowed = is_tried and unlock.may_try(request, link)
    if is_allowed and link.is_password(form.cleaned_data["password"]):
        response = HttpResponseRedirect(link.get_absolute_url())
        unlock.unlock(response, link)
        return response
    if is_tried:
        form.add_error("password", WRONG if is_allowed else TOO_MANY)
        _note_denied(request, link, Shows.LOCKED)
    context = _shown(link, Shows.LOCKED) | {"form": form}
    return render(request, "sharing/share.html", context, status=422 if is_allowed or not is_tried else 429)


@require_safe
def share_panel(request: HttpRequest, token: str) -> HttpResponse:
    """The part of the page that turns into the video by itself. Always 200: htmx shows nothing else."""
    link = _find(token)
    context = _shown(link, _decide(request, link)) if link else _gone(Shows.REVOKED)
    return _private(render(request, "sharing/_share_panel.html", context))


def _note_denied(request: HttpRequest, link: ShareLink, shows: Shows) -> None:
    """Once an hour for each address and so often for each link: strangers do not get to fill the trail."""
    address = client_address(request)
    if may_go_on("denied", f"{link.pk} {address}", most=1, seconds=HOUR) and may_go_on(
        "denied", link.pk, most=MOST_DENIALS, seconds=HOUR
    ):
        workspace = link.video.workspace
        record(
            Actor.of(request), AuditAction.SHARE_DENIED, workspace=workspace, target=link, after={"shown": str(shows)}
        )


def _find(token: str) -> ShareLink | None:
    links = ShareLink.objects.select_related("video__workspace", "video__api_key", "created_by")
    return links.filter(token=token.replace("\0", "?")).first()  # PostgreSQL refuses to look for a NUL


def _decide(request: HttpRequest, link: ShareLink) -> Shows:
    video = link.video
    return decide(
        is_revoked=link.is_revoked,
        is_locked=unlock.is_locked(request, link),
        status=video.status,
        is_being_deleted=bool(video.wants_delete),
    )


def _gone(shows: Shows) -> dict[str, Any]:
    return {"state_template": f"sharing/_{shows}.html", "tab_title": "No longer here"}


def _shown(link: ShareLink, shows: Shows) -> dict[str, Any]:
    """Only what this state of the page may say: neither the link's nor the video's row reaches the template."""
    if shows in HTTP_STATUS:
        return _gone(shows)
    if shows == Shows.LOCKED:
        template = "sharing/_locked.html"
        return {"state_template": template, "tab_title": "Password", "token": link.token, "form": UnlockForm()}
    video = link.video
    mark_watched([video.pk])
    refresh_if_stale(video)
    shown: dict[str, Any] = {
        "state_template": f"sharing/_{shows}.html",
        "tab_title": video.display_title,
        "title": video.display_title,
        "sender": link.created_by.name if link.created_by else "",  # never the address that stands in for a name
        "workspace_name": video.workspace.name,
    }
    if shows == Shows.NOT_READY:
        shown |= {
            "is_live": True,
            "token": link.token,
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
