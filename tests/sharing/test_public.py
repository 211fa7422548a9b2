"""The share page, as a stranger's browser gets it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.media_urls import FRAME_MAY
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

MARK = "marker-4711"
ADDRESSES = {
    "hosted_url": f"https://tavus.video/{MARK}",
    "download_url": f"https://cdn.example/{MARK}.mp4",
    "stream_url": f"https://stream.example/{MARK}.m3u8",
    "thumbnail_url": f"https://cdn.example/{MARK}.jpg",
    "gif_url": f"https://cdn.example/{MARK}.gif",
}
SAYS = {
    Status.WAITING: "This video is being created.",
    Status.SENDING: "This video is being created.",
    Status.UNSURE: "This video is being created.",
    Status.QUEUED: "This video is being created.",
    Status.GENERATING: "This video is being created.",
    Status.FAILED: "This video isn’t available.",
    Status.CANCELLED: "This video isn’t available.",
    Status.DELETED: "This video was deleted",
}


@pytest.fixture
def share(make_video: Any, maria: User) -> Any:
    """`share(status, **fields)`: a link to a video in that status, with an address of the provider in every field."""

    def make(status: Status = Status.READY, **fields: Any) -> ShareLink:
        video = make_video(status, **ADDRESSES | fields)
        return ShareLink.objects.create(video=video, created_by=maria)

    return make


def panel_url(link: ShareLink) -> str:
    return reverse("share_panel", args=[link.token])


def both(client: Client, link: ShareLink) -> list[Any]:
    return [client.get(link.get_absolute_url()), client.get(panel_url(link))]


class TestStates:
    def test_ready_video_plays_in_a_frame(self, client: Client, share: Any) -> None:
        link = share(title="Tom & <Jerry>")

        page = client.get(link.get_absolute_url()).content.decode()

        assert f'<iframe src="{ADDRESSES["hosted_url"]}" sandbox="{FRAME_MAY}" title="Tom &amp; &lt;Jerry&gt;"' in page
        assert "<title>Tom &amp; &lt;Jerry&gt;</title>" in page
        assert "From Maria, Acme" in page
        assert "data-live" not in page

    @pytest.mark.parametrize("status", SAYS)
    def test_every_other_state_is_explained_without_urls(self, status: Status, client: Client, share: Any) -> None:
        link = share(status)

        for response in both(client, link):
            assert SAYS[status] in response.content.decode()
            assert MARK.encode() not in response.content
            assert b"<iframe" not in response.content

    @pytest.mark.parametrize("status", Status)
    def test_revoked_link_reveals_nothing(self, status: Status, client: Client, share: Any) -> None:
        link = share(status, title="Top secret")
        link.revoke(by=link.created_by)

        page, panel = both(client, link)

        assert (page.status_code, panel.status_code) == (410, 200)  # the page's script shows only what succeeded
        for response in (page, panel):
            assert b"This link no longer works" in response.content
            for secret in (MARK, "Top secret", "Maria", "Acme", link.token):
                assert secret.encode() not in response.content

    def test_video_being_deleted_is_already_gone(self, client: Client, share: Any) -> None:
        link = share(wants_delete="soft")

        page, panel = both(client, link)

        assert (page.status_code, panel.status_code) == (410, 200)
        assert MARK.encode() not in page.content + panel.content

    def test_player_of_another_host_is_a_link_and_no_frame(self, client: Client, share: Any) -> None:
        link = share(hosted_url="https://moved.example/v1")

        for response in both(client, link):
            page = response.content.decode()
            assert response.status_code == 200
            assert "<iframe" not in page
            assert (
                'href="https://moved.example/v1" target="_blank" rel="noopener noreferrer">Watch on moved.example</a>'
                in page
            )

    def test_ready_video_without_any_player_says_so(self, client: Client, share: Any) -> None:
        link = share(hosted_url="")

        for response in both(client, link):
            assert "can’t be played here" in response.content.decode()

    @pytest.mark.parametrize("token", ["no-such-link", "x" * 500, "ü)."])
    def test_unknown_link_is_a_friendly_404(self, token: str, client: Client, db: None) -> None:
        page = client.get(reverse("share", args=[token]))
        panel = client.get(reverse("share_panel", args=[token]))

        for response in (page, panel):
            assert response.status_code == 404
            assert b"Link not found" in response.content


class TestWaiting:
    def test_share_panel_polls_only_while_pending(self, client: Client, share: Any) -> None:
        asks = {status for status in Status if b"data-live=" in client.get(panel_url(share(status))).content}

        assert asks == {Status.DRAFT, *(status for status in SAYS if "being created" in SAYS[status])}

    def test_waiting_page_shows_the_video_when_ready(self, client: Client, share: Any) -> None:
        link = share(Status.GENERATING)

        before = client.get(panel_url(link)).content
        Video.objects.update(status=Status.READY)
        after = client.get(panel_url(link)).content

        assert before.startswith(b'<div id="share_panel" data-live=')
        assert after.startswith(b'<div id="share_panel">')
        assert b"<iframe" in after

    @pytest.mark.parametrize("status", [Status.GENERATING, Status.READY, Status.FAILED])
    def test_page_includes_the_panel(self, status: Status, client: Client, share: Any) -> None:
        page, panel = both(client, share(status))

        assert panel.content.strip() in page.content

    def test_progress_and_estimate_are_shown(self, client: Client, share: Any) -> None:
        link = share(Status.GENERATING, progress=40, submitted_at=timezone.now() - timedelta(seconds=60))

        page = client.get(link.get_absolute_url()).content.decode()

        assert '<progress max="100" value="40"' in page
        assert "min left" in page

    def test_page_reloads_itself_without_scripts(self, client: Client, share: Any) -> None:
        waiting, ready = share(Status.WAITING), share(Status.READY)

        assert b'http-equiv="refresh"' in client.get(waiting.get_absolute_url()).content
        assert b'http-equiv="refresh"' not in client.get(ready.get_absolute_url()).content

    def test_waiting_visitor_marks_the_video_as_watched(self, client: Client, share: Any) -> None:
        link = share(Status.GENERATING)

        client.get(panel_url(link))
        assert Video.objects.get().watched_at is None, "a look alone has no effect"
        client.post(reverse("share_waiting", args=[link.token]))

        assert Video.objects.get().watched_at is not None


class TestSender:
    def test_email_never_replaces_a_missing_name(self, client: Client, share: Any) -> None:
        link = share()
        User.objects.filter(pk=link.created_by_id).update(name="")

        for response in both(client, link):
            assert b"From Acme" in response.content
            assert b"maria@example.com" not in response.content

    def test_link_outlives_its_creator(self, client: Client, share: Any) -> None:
        link = share()
        ShareLink.objects.update(created_by=None)

        assert b"From Acme" in client.get(link.get_absolute_url()).content


class TestPrivacy:
    @pytest.mark.parametrize("status", [Status.GENERATING, Status.READY, Status.FAILED, Status.DELETED])
    @pytest.mark.parametrize("is_revoked", [False, True])
    def test_share_page_has_no_cookie_cache_index_or_referrer(
        self, status: Status, is_revoked: bool, client: Client, share: Any
    ) -> None:
        link = share(status)
        if is_revoked:
            link.revoke(by=link.created_by)

        for response in [*both(client, link), client.get("/s/no-such-link/")]:
            assert not response.cookies
            assert "Set-Cookie" not in response.headers
            assert b"csrf" not in response.content.lower()
            assert response["Cache-Control"] == "private, no-store"
            assert response["Referrer-Policy"] == "same-origin"
            assert "noindex" in response["X-Robots-Tag"]

    def test_signed_in_visitor_sees_the_same_page(self, client: Client, share: Any, zoe: User) -> None:
        link = share()
        visitor = Client()
        visitor.force_login(zoe)

        assert visitor.get(link.get_absolute_url()).content == client.get(link.get_absolute_url()).content

    def test_page_frames_only_configured_hosts_and_cannot_be_framed(self, client: Client, share: Any) -> None:
        policy = client.get(share().get_absolute_url())["Content-Security-Policy"]

        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["frame-src"] == "'self' https://tavus.video https://videos.tavus.io"
        assert rules["frame-ancestors"] == "'none'"
        assert rules["script-src"] == "'self'"

    def test_share_page_writes_nothing(self, client: Client, share: Any) -> None:
        link = share()

        assert client.post(link.get_absolute_url()).status_code == 302, "nothing is asked for"
        assert client.post(panel_url(link)).status_code == 405
