"""The pages and files that links in the sandbox's API responses point to."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from tavusweb.sandbox import media, replicas
from tavusweb.sandbox.lifecycle import moment
from tavusweb.sandbox.models import SandboxVideo
from tavusweb.sandbox.scenarios import KEY_PREFIXES, KEY_WORDS, SCRIPT_WORDS, TRAINING_WORDS
from tavusweb.sandbox.serializers import public
from tavusweb.sandbox.training import RENDERS

RELOAD_AFTER = 3  # seconds


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Explain the sandbox and list what it can simulate."""
    context = {
        "api_url": public("guide").rstrip("/"),
        "key_prefixes": KEY_PREFIXES,
        "key_words": KEY_WORDS,
        "script_words": SCRIPT_WORDS,
        "training_words": TRAINING_WORDS,
        "training_seconds": RENDERS * settings.SANDBOX_RENDER_SECONDS,
        "voice": replicas.VOICES[0],
        "replicas": replicas.USUAL,
        "stock": replicas.STOCK[0],
        "seconds": settings.SANDBOX_RENDER_SECONDS,
    }
    return _unindexed(render(request, "sandbox/guide.html", context))


@require_safe
@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # its types know no path arguments
def watch(request: HttpRequest, video_id: str) -> HttpResponse:
    """Show a video's hosted page: a player that fills the frame, or why there is none yet."""
    video = SandboxVideo.objects.filter(video_id=video_id).first()
    at = moment(video, timezone.now()) if video else None
    if not video or not at or at.status == "deleted":
        context: dict[str, object] = {"state": "deleted" if video else "unknown"}
        return _unindexed(render(request, "sandbox/watch.html", context, status=404))
    context = {"state": at.status if at.is_final else "rendering", "video": video, "at": at}
    if at.status == "ready":
        context["source"] = media.address(f"{video.appearance}.{video.file_type}")
        context["poster"] = "" if video.is_fast else media.address(f"{video.appearance}.jpg")
    response = _unindexed(render(request, "sandbox/watch.html", context))
    if not at.is_final:
        response["Refresh"] = str(RELOAD_AFTER)  # works without scripts, which the CSP forbids
    return response


@require_safe
@never_cache
def download(request: HttpRequest, video_id: str, file_type: str) -> HttpResponse:
    """Download the finished video."""
    video = _finished(video_id)
    if not video or file_type != video.file_type:
        return _no_such_file()
    content = media.read(f"{video.appearance}.{file_type}")
    response = media.ranged(request, content, media.CONTENT_TYPES[file_type])
    response["Content-Disposition"] = f'attachment; filename="{video_id}.{file_type}"'
    return response


@require_safe
@never_cache
def stream(request: HttpRequest, video_id: str) -> HttpResponse:
    """Return the finished video's HLS playlist."""
    video = _finished(video_id)
    if not video or video.is_fast:
        return _no_such_file()
    return HttpResponse(media.playlist(video.appearance), content_type=media.PLAYLIST_TYPE)


@require_safe
@never_cache
def captions(request: HttpRequest, video_id: str) -> HttpResponse:
    """Return the script as captions; in the bundled clips people only hum."""
    video = _finished(video_id)
    if not video:
        return _no_such_file()
    return HttpResponse(media.captions(video.request.get("script", "")), content_type="text/vtt")


@require_safe
@never_cache
def thumbnail(request: HttpRequest, video_id: str, file_type: str) -> HttpResponse:
    """Redirect to a finished video's still (jpg) or animated (gif) thumbnail."""
    video = _finished(video_id)
    if not video or video.is_fast or file_type not in {"jpg", "gif"}:
        return _no_such_file()
    return HttpResponseRedirect(media.address(f"{video.appearance}.{file_type}"))


@require_safe
@cache_control(public=True, max_age=300)
def portrait(request: HttpRequest, appearance: str, file_type: str) -> HttpResponse:
    """Redirect to a replica's still (jpg) or short clip (mp4)."""
    if appearance not in replicas.APPEARANCES or file_type not in {"jpg", "mp4"}:
        return _no_such_file()
    return HttpResponseRedirect(media.address(f"{appearance}.jpg" if file_type == "jpg" else f"{appearance}-loop.mp4"))


@require_safe
@cache_control(public=True, max_age=300)
def voice(request: HttpRequest, appearance: str) -> HttpResponse:
    """Redirect to a voice sample: its presenter's clip with sound."""
    return (
        HttpResponseRedirect(media.address(f"{appearance}.mp4"))
        if appearance in replicas.APPEARANCES
        else _no_such_file()
    )


def _finished(video_id: str) -> SandboxVideo | None:
    video = SandboxVideo.objects.filter(video_id=video_id).first()
    return video if video and moment(video, timezone.now()).status == "ready" else None


def _no_such_file() -> HttpResponse:
    # Not Http404, which would render the site's own page.
    return HttpResponse("Not found\n", status=404, content_type="text/plain")


def _unindexed(page: HttpResponse) -> HttpResponse:
    page["X-Robots-Tag"] = "noindex, nofollow"
    return page
