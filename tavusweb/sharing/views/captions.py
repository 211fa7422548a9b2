from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tavusweb.videos.models import Caption

from ..gate import Entry, draw, through_gate
from ..visitor_policy import Right


@require_safe
@through_gate(Right.VIEW)
def captions(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Serve the captions of the link's video in one `?language=`, for our own player."""
    language = request.GET.get("language", "")[:10]
    row = Caption.objects.filter(video=entry.link.video_id, language=language).first()
    if row is None:
        return draw("sharing/unknown.html", status=404)
    return HttpResponse(row.content, content_type="text/vtt; charset=utf-8")
