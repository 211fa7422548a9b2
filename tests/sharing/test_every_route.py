"""Whatever is public passes the one gate, and nothing that only looks has an effect."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.sharing import public_urls
from tavusweb.sharing.models import ShareLink
from tavusweb.sharing.views.embed import oembed
from tavusweb.videos.models.status import Status

AGENTS = [
    "",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Edge/12.246",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0; Pro)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0",
    "Googlebot/2.1 (+http://www.google.com/bot.html)",
    "curl/8.5.0",
]
RULES: list[dict[str, Any]] = [
    {},
    {"comments": "named", "approval": True, "allow_download": True, "embed_sites": "https://blog.example"},
    {"view_limit": 3},
    {"email_rule": "any"},
    {"email_rule": "confirmed"},
    {"password_hash": "md5$x$y"},
]


def addresses(link: ShareLink) -> list[str]:
    paths = [reverse(route.name, args=[link.token]) for route in public_urls.urlpatterns]
    return [*paths, f"/oembed?url={link.public_url}"]


def test_every_public_view_passes_the_gate() -> None:
    views = [route.callback for route in public_urls.urlpatterns] + [oembed]

    assert not [view for view in views if not getattr(view, "is_gated", False)]


@pytest.mark.parametrize("rules", RULES, ids=str)
@pytest.mark.parametrize("status", [Status.READY, Status.GENERATING, Status.FAILED])
@pytest.mark.thorough
def test_viewing_writes_nothing(rules: dict[str, Any], status: Status, make_video: Any, maria: User) -> None:
    video = make_video(status, hosted_url="https://tavus.video/v1", tavus_id="v1")
    link = ShareLink.objects.create(video=video, created_by=maria, **rules)

    with CaptureQueriesContext(connection) as queries:
        for agent in AGENTS:
            for address in addresses(link):
                client = Client(headers={"User-Agent": agent})
                client.get(address)
                answer = client.head(address)
                assert not answer.cookies

    written = [
        query["sql"]
        for query in queries
        if query["sql"].lstrip("( ").upper().startswith(("INSERT", "UPDATE", "DELETE", "REPLACE"))
    ]
    assert not written
    link.refresh_from_db()
    assert link.views_used == 0


@pytest.mark.parametrize("rules", RULES[2:], ids=str)
def test_before_the_gate_no_route_shows_what_it_protects(rules: dict[str, Any], make_video: Any, maria: User) -> None:
    video = make_video(Status.READY, title="Top secret", hosted_url="https://tavus.video/marker", script="marker")
    sites = {"embed_sites": "https://blog.example"}
    link = ShareLink.objects.create(
        video=video, created_by=maria, note="marker", shows_transcript=True, **sites | rules
    )

    for address in addresses(link):
        shown = Client().get(address).text
        assert not [secret for secret in ("Top secret", "marker", "Maria") if secret in shown], address


class TestEmbedding:
    def test_link_can_be_embedded_only_on_its_sites(self, make_video: Any) -> None:
        video = make_video(Status.READY, hosted_url="https://tavus.video/v1")
        link = ShareLink.objects.create(video=video, embed_sites="https://blog.example\nhttps://www.example.org")

        page = Client().get(reverse("share_embed", args=[link.token]))

        assert "frame-ancestors https://blog.example https://www.example.org" in page["Content-Security-Policy"]
        assert "X-Frame-Options" not in page
        assert "https://tavus.video/v1" in page.text
        plain = Client().get(link.get_absolute_url())
        assert plain["X-Frame-Options"] == "DENY"

    def test_embed_page_is_404_without_sites(self, make_video: Any) -> None:
        link = ShareLink.objects.create(video=make_video(Status.READY, hosted_url="https://tavus.video/v1"))

        described = Client().get("/oembed", {"url": link.public_url}).json()

        assert Client().get(reverse("share_embed", args=[link.token])).status_code == 404
        assert described["type"] == "link"

    def test_oembed_respects_the_requested_size(self, make_video: Any) -> None:
        video = make_video(Status.READY, hosted_url="https://tavus.video/v1", title="Launch")
        link = ShareLink.objects.create(video=video, embed_sites="https://blog.example")

        described = Client().get("/oembed", {"url": link.public_url, "maxwidth": "480"}).json()

        assert (described["type"], described["title"], described["width"]) == ("video", "Launch", 480)
        assert described["height"] == 270
        assert f'src="{link.public_url}embed/"' in described["html"]

    @pytest.mark.parametrize(
        "url", ["", "https://evil.example/s/abc/", "nonsense", "http://[", "{site}/s/no-such-link/", "{site}/w/acme/"]
    )
    def test_oembed_rejects_other_urls(self, url: str, db: None, settings: Any) -> None:
        assert Client().get("/oembed", {"url": url.format(site=settings.SITE_URL)}).status_code == 404

    def test_locked_embed_offers_to_open_a_new_tab(self, make_video: Any) -> None:
        video = make_video(Status.READY, hosted_url="https://tavus.video/v1")
        link = ShareLink.objects.create(video=video, embed_sites="https://blog.example", view_limit=5)

        page = Client().get(reverse("share_embed", args=[link.token])).text

        assert "Open in a new tab" in page
        assert "tavus.video" not in page
