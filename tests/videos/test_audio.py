"""Where Download leads, and which of the provider's addresses a page may hold."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.videos.media_urls import download_url, embed_url, gif_url, still_url
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

CDN = "https://cdn.example/v1.mp4?sig=%2Fa+b&name=%C3%BCber"


def download(client: Client, video: Video) -> Any:
    return client.get(reverse("video_download", args=[video.workspace.slug, video.pk]))


def test_download_redirects_to_the_file(as_maria: Client, make_video: Any) -> None:
    response = download(as_maria, make_video(Status.READY, download_url=CDN))

    assert (response.status_code, response["Location"]) == (302, CDN)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] in {"no-referrer", "same-origin"}


def test_long_signed_url_is_kept(as_maria: Client, make_video: Any) -> None:
    address = "https://cdn.example/v1.mp4?X-Amz-Security-Token=" + "a" * 4000

    response = download(as_maria, make_video(Status.READY, download_url=address))

    assert (response.status_code, response["Location"]) == (302, address)


@pytest.mark.parametrize("status", [status for status in Status if status != Status.READY])
def test_unready_video_has_no_download(status: Status, as_maria: Client, make_video: Any) -> None:
    assert download(as_maria, make_video(status, download_url=CDN)).status_code == 404


def test_ready_video_without_a_file_has_no_download(as_maria: Client, make_video: Any) -> None:
    assert download(as_maria, make_video(Status.READY)).status_code == 404


def test_stranger_gets_no_url(client: Client, zoe: User, make_video: Any) -> None:
    client.force_login(zoe)

    assert download(client, make_video(Status.READY, download_url=CDN)).status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("address", "is_framed"),
    [
        ("https://tavus.video/v1", True),
        ("https://videos.tavus.io/video/v1?x=1", True),
        ("http://tavus.video/v1", False),
        ("https://tavus.video.evil.example/v1", False),
        ("https://tavus.video@evil.example/v1", False),
        ("https://evil.example/https://tavus.video/", False),
        ("https://evil.example\\@tavus.video/", False),
        ("https://tavus.video:8443/v1", False),
        ("//evil.example/v1", False),
        ("/admin/", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_only_configured_hosts_are_framed(address: str, is_framed: bool, make_video: Any) -> None:
    video = make_video(Status.READY, hosted_url=address)

    assert embed_url(video) == (address if is_framed else "")


@pytest.mark.parametrize("status", [status for status in Status if status != Status.READY])
def test_player_is_framed_only_when_ready(status: Status, make_video: Any) -> None:
    assert embed_url(make_video(status, hosted_url="https://tavus.video/v1")) == ""


def test_sandbox_urls_lose_their_host(make_video: Any, key: APIKey, settings: Any) -> None:
    here = f"{settings.SITE_URL}/sandbox/watch/v1"
    addresses = dict.fromkeys(("hosted_url", "download_url", "thumbnail_url", "gif_url"), here)
    live = make_video(Status.READY, **addresses)
    key.is_sandbox = True
    key.save()
    trained = make_video(Status.READY, **addresses)

    assert [f(trained) for f in (embed_url, download_url, still_url, gif_url)] == ["/sandbox/watch/v1"] * 4
    live.api_key.is_sandbox = False
    assert embed_url(live) == ""
    assert download_url(live) == here
