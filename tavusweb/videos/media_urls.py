"""Which of the provider's URLs can appear in a page, and in what form."""

from django.conf import settings

from tavusweb.env import origin_of
from tavusweb.http import known_media

from .models import Video

HLS = "application/vnd.apple.mpegurl"
FRAME_MAY = "allow-scripts allow-same-origin allow-forms allow-popups allow-presentation allow-downloads"


def embed_url(video: Video) -> str:
    """The URL of the page's iframe; empty unless the video is ready and its host is allowed."""
    if not video.is_ready:
        return ""
    is_framed = origin_of(video.hosted_url) in settings.TAVUS_HOSTED_ORIGINS
    return _sandbox_path(video, video.hosted_url) or (video.hosted_url if is_framed else "")


def download_url(video: Video) -> str:
    return _sandbox_path(video, video.download_url) or video.download_url


def own_sources(video: Video) -> list[tuple[str, str]]:
    """What our own player can play, each with its type ("" when the browser tells): from hosts that a page may load."""
    if not video.is_ready:
        return []
    kind = "video/webm" if video.transparent_background else "video/mp4"
    places = ((video.download_url, kind), (video.stream_url, HLS))
    playable = ((_sandbox_path(video, url) or known_media(url), kind) for url, kind in places if url)
    return [(url, kind) for url, kind in playable if url]


def link_context(video: Video) -> dict[str, str]:
    """Return the hosted page as a link, for a video whose player cannot be embedded: a frame would stay empty."""
    if not video.is_ready or not video.hosted_url:
        return {}
    origin = origin_of(video.hosted_url)
    return {"link_url": video.hosted_url, "link_origin": origin, "link_host": origin.partition("://")[2]}


def frame_sandbox(embed_url: str) -> str:
    """Return what an embedded player may do: everything that players need, but not lead the whole page elsewhere.

    Empty for the bundled sandbox: a page of our own origin could lift its restrictions, and browsers warn of that.
    """
    is_ours = embed_url.startswith("/")
    return FRAME_MAY if settings.FRAME_SANDBOX and not is_ours else ""


def still_url(video: Video) -> str:
    return _sandbox_path(video, video.thumbnail_url) or known_media(video.thumbnail_url)


def gif_url(video: Video) -> str:
    return _sandbox_path(video, video.gif_url) or known_media(video.gif_url)


def _sandbox_path(video: Video, url: str) -> str:
    """Strip the host from a sandbox URL: the sandbox is this site, under whatever name the browser uses."""
    inside = f"{settings.SITE_URL}/sandbox/"
    is_ours = video.api_key is not None and video.api_key.is_sandbox and url.startswith(inside)
    return url.removeprefix(settings.SITE_URL) if is_ours else ""
