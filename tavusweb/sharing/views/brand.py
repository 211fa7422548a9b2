"""Resources of a workspace's branding for its public pages: the logo and the accent's style sheet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from ..brand import picture, style_sheet
from ..colours import as_hex
from ..gate import Entry, draw, through_gate
from ..models.branding import Branding

A_YEAR = 365 * 24 * 60 * 60


@require_safe
@through_gate()
def logo(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Serve the logo of the link's workspace, in every state of the page that shows it."""
    brand = Branding.objects.filter(workspace=entry.link.video.workspace_id).exclude(logo_digest="").first()
    if brand is None or entry.decision.is_gone:
        return draw("sharing/unknown.html", status=404)
    return picture(brand)


@require_safe
def brand_style(request: HttpRequest, accent: str) -> HttpResponse:
    """Serve the public style sheet in one accent colour. It depends on nothing else, so anyone may cache it."""
    colour = as_hex(accent)
    if not colour or accent != colour[1:]:
        raise Http404
    plain, compressed = style_sheet(colour)
    is_compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(compressed if is_compressed else plain, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    if is_compressed:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
