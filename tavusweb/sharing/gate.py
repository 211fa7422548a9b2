"""The single gate for every public page: the link's rules, its video and the visitor's proofs decide access.

Passing it has no side effect: GET and HEAD count, consume and write nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.template.loader import render_to_string
from django.utils import timezone

from tavusweb.http import no_store
from tavusweb.videos.spec import VideoSpec

from . import guests, passes
from .languages import choose, in_language_of_visitor
from .models import ShareLink
from .models.branding import SHOWN as OF_BRANDING
from .passes import Pass
from .takes.stand_in import is_lost, stand_in_of
from .visitor_policy import Decision, Right, Rules, State, decide

View = Callable[..., HttpResponse]
OF_STATE = (
    *("status", "wants_delete", "trashed_at", "progress", "submitted_at", "finished_at", "expected_seconds"),
    *("polled_at", "next_poll_at"),
)
OF_TAVUS = ("tavus_id", "hosted_url", "download_url", "stream_url", "thumbnail_url", "lost_at", "not_found_count")
SHOWN = (
    *OF_STATE,
    *OF_TAVUS,
    *(f"approval_request__{name}" for name in ("video_id", "needed", "reviewers", "due_at")),
    *("workspace__name", "api_key__is_sandbox", "audio__id"),
    *(name for name in VideoSpec.names() if name not in {"api_key", "audio"}),  # an answer is bound to all of them
)
LINKS = ShareLink.objects.select_related(
    "video__workspace__branding", "video__api_key", "video__audio", "video__approval_request", "created_by"
).only(
    *(field.name for field in ShareLink._meta.concrete_fields),
    *(f"video__{name}" for name in SHOWN),
    *(f"video__workspace__branding__{name}" for name in OF_BRANDING),
    "created_by__name",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A visitor at a link: what the browser has proven, and the resulting decision.

    `guest` is the hash of the browser's guest mark, "" before it has written anything.
    """

    link: ShareLink
    proven: Pass
    decision: Decision
    guest: str = ""

    def again(self, proven: Pass) -> "Entry":
        """Return the entry of the same visitor with more proven."""
        return enter(self.link, proven)


def enter(link: ShareLink, proven: Pass, *, guest: str = "", rules: Rules | None = None) -> Entry:
    """Decide what a visitor may see, by the link's own rules or by other ones for a preview."""
    state = _state_of(link)
    return Entry(link, proven, decide(rules or link.rules, state, proven.visitor(link), timezone.now()), guest)


def _state_of(link: ShareLink) -> State:
    """Return the state of the link's take. If it is lost, an approved earlier take replaces the link's `video`."""
    video = link.stands_in_for or link.video
    state = State(video.status, bool(video.wants_delete), is_lost(video), is_trashed=video.is_trashed)
    if not state.is_lost or state.is_being_deleted or state.is_trashed:
        return state
    if link.stands_in_for is None and (stand_in := stand_in_of(link)):
        link.stands_in_for, link.video = video, stand_in
        stand_in.workspace = video.workspace  # with its branding
    return replace(state, has_stand_in=link.stands_in_for is not None)


def through_gate(right: Right | None = None) -> Callable[[View], View]:
    """Decorate a view to receive the `Entry` of its link. Without `right`, the view handles every state.

    Responds with 404 for an unknown link and for a missing right, so strangers learn nothing.
    """

    def decorate(view: View) -> View:
        @in_language_of_visitor
        @wraps(view)
        def gated(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and is_from_here(request) and (switched := choose(request, token)):
                return private(switched)
            link = find(token)
            entry = _enter(request, link) if link else None
            if entry is None or (right is not None and not entry.decision.allows(right)):
                return private(draw("sharing/unknown.html", status=404))
            if request.method == "POST" and not is_from_here(request):
                return private(HttpResponseForbidden())
            return private(view(request, entry, *args, **kwargs))

        gated.is_gated = True  # type: ignore[attr-defined]
        return gated

    return decorate


def _enter(request: HttpRequest, link: ShareLink) -> Entry:
    return enter(link, passes.read(request, link), guest=guests.key_of(guests.mark_of(request, link), link))


def is_from_here(request: HttpRequest) -> bool:
    """Return whether one of our own pages sent the request. Clients other than browsers don't say."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin", "")
    return not origin or origin == f"{request.scheme}://{request.get_host()}"


def find(token: str) -> ShareLink | None:
    """Fetch the link with this token, with only the columns that its page shows, in one query.

    Naming columns is most of such a query's cost, and its tables have three times as many. Columns left out of a video
    are loaded together when one is accessed.
    """
    return LINKS.filter(token=token).first()


def draw(template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """Render a public page's template without the request, so that no template can read a session."""
    response = HttpResponse(render_to_string(template, context), status=status)
    if context and context.get("plays_hls"):
        # hls.js fetches the stream and hands it to the browser as a blob.
        hosts = settings.TAVUS_MEDIA_ORIGINS
        response._csp_update = {"connect-src": hosts, "media-src": ["blob:"]}  # type: ignore[attr-defined]
    return response


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page out of caches and search engines, and its address out of referrers."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.setdefault("Referrer-Policy", "same-origin")
    return no_store(response)
