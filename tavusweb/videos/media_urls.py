"""Which of the provider's URLs can appear in a page, and in what form."""

from django.conf import settings

from tavusweb.env import origin_of

from .models import Video


def embed_url(video: Video) -> str:
    """The URL of the page's iframe; empty unless the video is ready and its host is allowed."""
    if not video.is_ready:
        return ""
    is_framed = origin_of(video.hosted_url) in settings.TAVUS_HOSTED_ORIGINS
    return _sandbox_path(video, video.hosted_url) or (video.hosted_url if is_framed else "")


def download_url(video: Video) -> str:
    return _sandbox_path(video, video.download_url) or video.download_url


def still_url(video: Video) -> str:
    return _sandbox_path(video, video.thumbnail_url) or video.thumbnail_url


def gif_url(video: Video) -> str:
    return _sandbox_path(video, video.gif_url) or video.gif_url


def _sandbox_path(video: Video, url: str) -> str:
    """Strip the host from a sandbox URL: the sandbox is this site, under whatever name the browser uses."""
    inside = f"{settings.SITE_URL}/sandbox/"
    is_ours = video.api_key is not None and video.api_key.is_sandbox and url.startswith(inside)
    return url.removeprefix(settings.SITE_URL) if is_ours else ""
