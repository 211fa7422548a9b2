"""Embed a video in other sites' pages, only for links that allow those sites."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from .. import gate, passes
from ..embed_code import HEIGHT, WIDTH, embed_code
from ..gate import Entry, draw, through_gate
from ..models import ShareLink
from ..pages import context_of
from ..visitor_policy import Right

NARROWEST = 200


@xframe_options_exempt  # `frame-ancestors` says who may
@require_safe
@through_gate()
def embed(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Serve the player alone. 404 without allowed sites; a gate opens in its own tab."""
    if not entry.link.sites:
        return draw("sharing/unknown.html", status=404)
    context = context_of(entry, asked=request.GET)
    context |= {"public_url": entry.link.public_url, "is_gate": entry.decision.step is not None}
    response = draw("sharing/embed.html", context, status=entry.decision.http_status)
    response._csp_replace = {"frame-ancestors": entry.link.sites}  # type: ignore[attr-defined]
    return response


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Describe a link as oEmbed: type video if sites may embed it, else link. Reveals nothing that a gate protects."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse(status=501)
    link = gate.find(_token_in(request.GET.get("url", "")))
    if link is None:
        raise Http404
    entry = gate.enter(link, passes.Pass())
    if entry.decision.is_gone:
        raise Http404
    described: dict[str, object] = {"version": "1.0", "type": "link", "provider_name": "tavusweb"}
    if entry.decision.allows(Right.VIEW):
        described["title"] = link.video.display_title
        if link.sites:
            described |= _player(request, link)
    response = JsonResponse(described)
    return gate.private(response)


oembed.is_gated = True  # type: ignore[attr-defined]


def _player(request: HttpRequest, link: ShareLink) -> dict[str, object]:
    width = _size(request, "maxwidth", WIDTH)
    height = min(_size(request, "maxheight", HEIGHT), round(width * HEIGHT / WIDTH))
    html = embed_code(link, width=width, height=height)
    return {"type": "video", "html": html, "width": width, "height": height}


def _size(request: HttpRequest, name: str, largest: int) -> int:
    given = request.GET.get(name, "")
    return max(NARROWEST, min(int(given), largest)) if given.isascii() and given.isdecimal() else largest


def _token_in(address: str) -> str:
    """Return the token in a share link's URL, or "" for any other URL."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
        return ""
    try:
        found = resolve(parts.path)
    except Resolver404:
        return ""
    return str(found.kwargs.get("token", "")) if found.url_name == "share" else ""
