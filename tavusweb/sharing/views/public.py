"""The share page: no account needed, and no cookie unless the link has a password."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tavusweb.audit.actor import Actor
from tavusweb.guesses import too_many
from tavusweb.http import no_store
from tavusweb.videos.estimates import estimate
from tavusweb.videos.media_urls import embed_url, link_context
from tavusweb.videos.presence import mark_watched, refresh_if_stale

from .. import actions, unlock
from ..forms import UnlockForm
from ..models import ShareLink
from ..policy import Decision, Rules, Shows, State, Visitor, decide

WRONG = gettext_lazy("Wrong password. Passwords are case-sensitive.")


@csrf_exempt  # the page has no session that a forged request could use; the password itself is posted
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, token: str) -> HttpResponse:
    link = _find(token)
    if link is None:
        return _private(render(request, "sharing/unknown.html", status=404))
    decision = _decide(request, link)
    if request.method == "POST":
        is_locked = decision.shows == Shows.LOCKED
        return _private(_unlock(request, link) if is_locked else HttpResponseNotAllowed(["GET", "HEAD"]))
    if decision.is_gone:
        actions.record_denied(Actor.of(request), link, shown=decision.shows)
    return _private(render(request, "sharing/share.html", _context(link, decision), status=decision.http_status))


def _unlock(request: HttpRequest, link: ShareLink) -> HttpResponse:
    """Unlock the page for the right password, with a redirect, so that a reload sends nothing again."""
    form = UnlockForm(request.POST)
    status, wait = 422, 0
    if form.is_valid():
        is_right, wait = unlock.try_password(request, link, form.cleaned_data["password"])
        if is_right:
            response = HttpResponseRedirect(link.get_absolute_url())
            unlock.unlock(response, link)
            return response
        form.add_error("password", too_many(wait) if wait else WRONG)
        actions.record_denied(Actor.of(request), link, shown=Shows.LOCKED)
        status = 429 if wait else 422
    context = _context(link, Decision(Shows.LOCKED)) | {"form": form}
    page = render(request, "sharing/share.html", context, status=status)
    if wait:
        page["Retry-After"] = str(wait)
    return page


@require_safe
def share_panel(request: HttpRequest, token: str) -> HttpResponse:
    """The part of the page that updates by itself. Always 200: htmx swaps nothing else."""
    link = _find(token)
    context = _context(link, _decide(request, link)) if link else _gone(Shows.REVOKED)
    return _private(render(request, "sharing/_share_panel.html", context))


def _find(token: str) -> ShareLink | None:
    links = ShareLink.objects.select_related("video__workspace", "video__api_key", "created_by")
    return links.filter(token=token).first()


def _decide(request: HttpRequest, link: ShareLink) -> Decision:
    return decide(
        Rules(is_revoked=link.is_revoked, has_password=link.has_password),
        State(status=link.video.status, is_being_deleted=bool(link.video.wants_delete)),
        Visitor(unlocked_until=unlock.unlocked_until(request, link)),
        timezone.now(),
    )


def _gone(shows: Shows) -> dict[str, Any]:
    return {"state_template": f"sharing/_{shows}.html", "tab_title": _("Not available")}


def _context(link: ShareLink, decision: Decision) -> dict[str, Any]:
    """Only what this state of the page can reveal: the template gets no link or video row."""
    shows = decision.shows
    if decision.is_gone:
        return _gone(shows)
    if shows == Shows.LOCKED:
        template = "sharing/_locked.html"
        return {"state_template": template, "tab_title": _("Password"), "token": link.token, "form": UnlockForm()}
    video = link.video
    mark_watched([video.pk])
    refresh_if_stale(video)
    context: dict[str, Any] = {
        "state_template": f"sharing/_{shows}.html",
        "tab_title": video.display_title,
        "title": video.display_title,
        "sender": link.created_by.name if link.created_by else "",  # never the email address
        "workspace_name": video.workspace.name,
    }
    if shows == Shows.NOT_READY:
        context |= {
            "is_live": True,
            "token": link.token,
            "progress": video.progress,
            "is_rendering": video.is_rendering,
            "estimate": estimate(video, at=timezone.now()),
        }
    if shows == Shows.VIDEO:
        context |= {"embed_url": embed_url(video), **link_context(video)}
    return context


def _private(response: HttpResponse) -> HttpResponse:
    """Forbid caching, indexing and referrers."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return no_store(response)
