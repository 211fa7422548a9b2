"""The pages and files behind the links that the sandbox's API hands out."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from tavusweb.sandbox import cast, clips
from tavusweb.sandbox.life import EVERYBODY, moment
from tavusweb.sandbox.models import SandboxVideo
from tavusweb.sandbox.trouble import KEY_PREFIXES, SCRIPT_WORDS

LOOK_AGAIN_AFTER = 3  # seconds
NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow"}


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """What the sandbox is and what can be asked of it."""
    context = {
        "api_url": request.build_absolute_uri().split("?")[0].rstrip("/"),
        "key_prefixes": KEY_PREFIXES,
        "script_words": SCRIPT_WORDS,
        "replicas": cast.cast(),
        "stock": cast.STOCK[0],
        "seconds": settings.SANDBOX_RENDER_SECONDS,
    }
    return render(request, "sandbox/guide.html", context, headers=NOT_INDEXED)


@require_safe
@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
def watch(request: HttpRequest, video_id: str) -> HttpResponse:
    """The hosted page of a video: a player that fills the frame, or why there is none yet."""
    video = SandboxVideo.objects.filter(video_id=video_id).first()
    at = moment(video, timezone.now()) if video else None
    if not video or not at or at.status == "deleted":
        context = {"state": "deleted" if video else "unknown"}
        return render(request, "sandbox/watch.html", context, status=404, headers=NOT_INDEXED)
    state = at.status if at.is_final else "rendering"
    context = {"state": state, "video": video, "at": at, "look": _look(video)}
    # A header instead of a script: the policy allows none here.
    headers = NOT_INDEXED if at.is_final else NOT_INDEXED | {"Refresh": str(LOOK_AGAIN_AFTER)}
    return render(request, "sandbox/watch.html", context, headers=headers)


@require_safe
@never_cache
def download(request: HttpRequest, video_id: str, file_type: str) -> HttpResponse:
    """The finished video as a file to keep."""
    video = _finished(video_id)
    if file_type != video.file_type:
        raise Http404
    content = clips.read(f"{_look(video)}.{file_type}")
    response = clips.ranged(request, content, clips.CONTENT_TYPES[file_type])
    response["Content-Disposition"] = f'attachment; filename="{video_id}.{file_type}"'
    return response


@require_safe
@never_cache
def stream(request: HttpRequest, video_id: str) -> HttpResponse:
    """The finished video as an HLS playlist."""
    video = _finished(video_id)
    if video.is_fast:
        raise Http404
    return HttpResponse(clips.playlist(_look(video)), content_type=clips.PLAYLIST_TYPE)


@require_safe
@never_cache
def thumbnail(request: HttpRequest, video_id: str, file_type: str) -> HttpResponse:
    """A still (jpg) or moving (gif) picture of a finished video."""
    video = _finished(video_id)
    if video.is_fast or file_type not in {"jpg", "gif"}:
        raise Http404
    return HttpResponseRedirect(clips.address(f"{_look(video)}.{file_type}"))


@require_safe
@cache_control(public=True, max_age=300)
def portrait(request: HttpRequest, look: str, file_type: str) -> HttpResponse:
    """A still (jpg) or moving (mp4) picture of a replica."""
    if look not in cast.LOOKS or file_type not in {"jpg", "mp4"}:
        raise Http404
    return HttpResponseRedirect(clips.address(f"{look}.jpg" if file_type == "jpg" else f"{look}-loop.mp4"))


def _finished(video_id: str) -> SandboxVideo:
    video = SandboxVideo.objects.filter(video_id=video_id).first()
    if not video or moment(video, timezone.now()).status != "ready":
        raise Http404
    return video


def _look(video: SandboxVideo) -> str:
    replica = cast.find(video.request["replica_id"], EVERYBODY)
    return replica.look if replica else cast.LOOKS[0]
