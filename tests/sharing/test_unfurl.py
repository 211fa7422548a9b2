"""What chats and other sites show of a share link before anybody opens it."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models.status import Status

PICTURE = "https://cdn.replica.tavus.io/still.jpg"
GATES: list[dict[str, Any]] = [{"password_hash": "md5$x$y"}, {"view_limit": 3}, {"email_rule": "any"}]


@pytest.fixture
def share(make_video: Any, settings: Any) -> Any:
    settings.TAVUS_MEDIA_ORIGINS = ["https://cdn.replica.tavus.io"]
    places = {"hosted_url": "https://tavus.video/v1", "thumbnail_url": PICTURE}
    video = make_video(Status.READY, title="Tom & <Jerry>", **places)
    return lambda **rules: ShareLink.objects.create(video=video, **rules)


def head(link: ShareLink) -> str:
    return Client().get(link.get_absolute_url()).text.partition("</head>")[0]


def test_open_link_shows_its_title_and_picture(share: Any) -> None:
    link = share()

    shown = head(link)

    assert '<meta property="og:title" content="Tom &amp; &lt;Jerry&gt;">' in shown
    assert f'<meta property="og:image" content="{PICTURE}">' in shown
    assert '<meta name="twitter:card" content="summary_large_image">' in shown
    assert f'<meta property="og:url" content="{link.public_url}">' in shown


def test_without_a_picture_the_card_is_small(share: Any) -> None:
    link = share()
    link.video.thumbnail_url = ""
    link.video.save()

    shown = head(link)

    assert "og:image" not in shown
    assert '<meta name="twitter:card" content="summary">' in shown


def test_oembed_description_linked_from_the_page_exists(share: Any) -> None:
    link = share()
    [address] = re.findall(r'type="application/json\+oembed" href="([^"]+)"', head(link))

    described = Client().get(urlsplit(address).path, {"url": parse_qs(urlsplit(address).query)["url"][0]}).json()

    assert (described["type"], described["title"]) == ("link", "Tom & <Jerry>")


@pytest.mark.parametrize("rules", GATES, ids=str)
def test_gated_link_reveals_nothing(rules: dict[str, Any], share: Any) -> None:
    shown = head(share(**rules))

    for secret in ("Jerry", PICTURE, "og:", "twitter:", "oembed"):
        assert secret not in shown


def test_unlocked_visitor_does_not_unfurl_a_gated_link(share: Any) -> None:
    link, visitor = share(view_limit=3), Client()
    visitor.post(link.get_absolute_url())

    page = visitor.get(link.get_absolute_url()).text

    assert "<iframe" in page
    assert "og:" not in page


@pytest.mark.parametrize("status", [Status.GENERATING, Status.FAILED])
def test_unwatchable_video_has_no_card(status: Status, share: Any) -> None:
    link = share()
    link.video.status = status
    link.video.save()

    assert "og:" not in head(link)
