"""Serve recordings to anyone with a signed link."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from tavusweb.http import no_store

from ..models import AudioFile
from ..models.audio import CONTENT_TYPES


@require_safe
def audio_file(request: HttpRequest, token: str, extension: str) -> HttpResponseBase:
    """Serve a recording to Tavus. The signature in the URL is the permission, and it expires."""
    audio = AudioFile.by_link(token, extension)
    if audio is None:
        raise Http404
    try:
        file = audio.file.open("rb")
    except OSError:
        raise Http404 from None
    response = FileResponse(
        file, as_attachment=True, filename=f"recording.{extension}", content_type=CONTENT_TYPES[extension]
    )
    response["X-Robots-Tag"] = "noindex"
    return no_store(response)
