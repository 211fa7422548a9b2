"""The player of a share page: which one, what it plays, its captions and transcript."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tavusweb.sharing.models import Branding, ShareLink
from tavusweb.sharing.player import Choice, choose, second_of
from tavusweb.videos.models import Caption, Video
from tavusweb.videos.models.status import Status

MEDIA = "https://cdn.replica.tavus.io"
PLACES = {
    "hosted_url": "https://tavus.video/v1",
    "download_url": f"{MEDIA}/v1.mp4",
    "stream_url": f"{MEDIA}/v1.m3u8",
    "thumbnail_url": f"{MEDIA}/v1.jpg",
}
VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHello\n\n00:01:15.000 --> 00:01:16.000\nBye & thanks\n"


@pytest.fixture
def own(make_video: Any, settings: Any) -> Any:
    """`own(**rules)`: a link in a workspace that chose our own player."""
    settings.TAVUS_MEDIA_ORIGINS = [MEDIA]

    def make(places: dict[str, str] = PLACES, **rules: Any) -> ShareLink:
        video = make_video(Status.READY, title="Launch", script="Spoken words", **places)
        Branding.objects.update_or_create(workspace=video.workspace, defaults={"player": "own"})
        return ShareLink.objects.create(video=video, **rules)

    return make


def caption(video: Video, language: str = "en", content: str = VTT) -> Caption:
    return Caption.objects.create(video=video, language=language, content=content, cues=2)


def page_of(link: ShareLink, query: str = "", **headers: str) -> str:
    return Client().get(f"{link.get_absolute_url()}{query}", headers=headers).text


@pytest.mark.parametrize(
    ("preferred", "asked", "has_frame", "has_sources", "chosen"),
    [
        ("hosted", "", True, True, Choice("hosted", "own")),
        ("own", "", True, True, Choice("own", "hosted")),
        ("hosted", "own", True, True, Choice("own", "hosted")),
        ("own", "hosted", True, True, Choice("hosted", "own")),
        ("hosted", "", False, True, Choice("own", "")),
        ("own", "", True, False, Choice("hosted", "")),
        ("own", "own", True, False, Choice("hosted", "")),
        ("hosted", "nonsense", True, True, Choice("hosted", "own")),
        ("hosted", "", False, False, Choice("", "")),
    ],
)
def test_player_falls_back_from_request_to_workspace_to_the_other(
    preferred: str, asked: str, has_frame: bool, has_sources: bool, chosen: Choice
) -> None:
    assert choose(preferred=preferred, asked=asked, has_frame=has_frame, has_sources=has_sources) == chosen


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("90", 90),
        ("90s", 90),
        ("1m30s", 90),
        ("1m30", 90),
        ("2m", 120),
        ("1h2m3s", 3723),
        ("1:30", 90),
        ("1:02:03", 3723),
        ("", 0),
        ("-5", 0),
        ("soon", 0),
        ("1.5", 0),
        ("٩٠", 0),
        ("99h", 0),
        ("999999s", 0),
    ],
)
def test_start_time_is_parsed_from_the_url(text: str, second: int) -> None:
    assert second_of(text) == second


class TestOwnPlayer:
    def test_video_file_is_played_with_poster_and_captions(self, own: Any) -> None:
        link = own()
        caption(link.video, "de")

        page = page_of(link)

        assert f'<source src="{MEDIA}/v1.mp4" type="video/mp4">' in page
        assert f'<source src="{MEDIA}/v1.m3u8" type="application/vnd.apple.mpegurl">' in page
        assert f'poster="{MEDIA}/v1.jpg"' in page
        captions = reverse("share_captions", args=[link.token])
        assert f'<track kind="captions" srclang="de" label="Deutsch" src="{captions}?language=de">' in page
        assert "<iframe" not in page.partition("<template")[0], "the frame waits until the player fails"

    def test_hls_library_is_only_for_a_video_that_is_nothing_but_a_stream(self, own: Any) -> None:
        stream, file = own(PLACES | {"download_url": ""}), own()

        for link, has_library in ((stream, True), (file, False)):
            answer = Client().get(link.get_absolute_url())
            policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
            assert ("data-hls=" in answer.text) is has_library
            assert (MEDIA in policy["connect-src"]) is has_library
            assert ("blob:" in policy["media-src"]) is has_library

    def test_url_sets_the_start_time(self, own: Any) -> None:
        assert f'src="{MEDIA}/v1.mp4#t=90"' in page_of(own(), "?t=1m30s")

    def test_other_player_is_one_link_away_without_scripts(self, own: Any) -> None:
        link = own()
        [other] = re.findall(r'href="(\?player=[^"]+)" data-switch', page_of(link, "?t=5"))

        page = page_of(link, other.replace("&amp;", "&"))

        assert other == "?player=hosted&amp;t=5"
        assert "<iframe" in page
        assert "?player=own" in page

    def test_files_of_unknown_hosts_are_not_played(self, own: Any) -> None:
        elsewhere = PLACES | {"download_url": "https://other.example/v1.mp4", "stream_url": ""}

        page = page_of(own(elsewhere))

        assert "<video" not in page
        assert "<iframe" in page
        assert "Video not playing?" not in page

    @pytest.mark.parametrize("hosted", ["", "https://moved.example/v1"])
    def test_own_player_replaces_a_hosted_page_that_cannot_be_framed(self, hosted: str, own: Any) -> None:
        link = own(PLACES | {"hosted_url": hosted})
        Branding.objects.update(player="hosted")

        assert "<video" in page_of(link)

    def test_embedded_page_uses_the_own_player(self, own: Any) -> None:
        link = own(embed_sites="https://blog.example")

        page = Client().get(reverse("share_embed", args=[link.token]))

        assert "<video" in page.text
        assert (
            f"media-src 'self' {MEDIA}" in page["Content-Security-Policy"] or MEDIA in page["Content-Security-Policy"]
        )

    def test_transparent_video_is_a_webm(self, own: Any) -> None:
        link = own()
        Video.objects.update(transparent_background=True)

        assert f'<source src="{MEDIA}/v1.mp4" type="video/webm">' in page_of(link)

    def test_page_with_everything_on_takes_four_queries(self, own: Any) -> None:
        link = own(comments="named", approval=True, shows_transcript=True, allow_download=True)
        caption(link.video)

        with CaptureQueriesContext(connection) as queries:
            Client().get(link.get_absolute_url())

        assert len(queries) <= 4


class TestCaptions:
    def test_captions_are_served_only_past_the_gate(self, own: Any) -> None:
        link = own()
        caption(link.video)
        address = reverse("share_captions", args=[link.token])

        answer = Client().get(address, {"language": "en"})

        assert answer.text == VTT
        assert answer["Content-Type"] == "text/vtt; charset=utf-8"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert Client().get(address, {"language": "fr"}).status_code == 404
        link.put_password("open sesame")
        link.save()
        assert Client().get(address, {"language": "en"}).status_code == 404

    def test_transcript_shows_captions_with_clickable_times(self, own: Any) -> None:
        link = own(shows_transcript=True)
        caption(link.video)

        page = page_of(link)

        assert '<a href="?t=75" data-seek="75">1:15</a> Bye &amp; thanks' in page
        assert "Spoken words" not in page

    def test_transcript_is_in_the_visitors_language(self, own: Any) -> None:
        link = own(shows_transcript=True)
        caption(link.video)
        caption(link.video, "de", VTT.replace("Hello", "Hallo"))

        assert "Hallo" in page_of(link, **{"Accept-Language": "de"})
        assert "Hello" in page_of(link, **{"Accept-Language": "en"})
        assert "Hallo" in page_of(link, **{"Accept-Language": "fr"}), "else in the first one there is"

    def test_times_are_plain_text_with_the_hosted_player(self, own: Any) -> None:
        link = own(shows_transcript=True)
        Branding.objects.update(player="hosted")
        caption(link.video)

        page = page_of(link)

        assert "data-seek" not in page
        assert "1:15" in page

    def test_script_is_the_transcript_without_captions(self, own: Any) -> None:
        assert "Spoken words" in page_of(own(shows_transcript=True))

    def test_transcript_is_shown_only_if_the_link_allows_it(self, own: Any) -> None:
        link = own()
        caption(link.video)

        assert "Bye" not in page_of(link)


class TestRefusedForms:
    """The page that gives a refused form back still shows the video."""

    REFUSED = {
        "share_comment": {"comment": ""},
        "share_comment_delete": {"pk": "1"},
        "share_approve": {"name": ""},
        "share_changes": {"name": "Ada"},
    }

    @pytest.mark.parametrize("route", REFUSED)
    @pytest.mark.parametrize(("player", "shown"), [("own", "<video"), ("hosted", "<iframe")])
    def test_video_and_transcript_stay_on_the_page(self, route: str, player: str, shown: str, own: Any) -> None:
        link = own(shows_transcript=True, comments="named", approval=True)
        Branding.objects.update(player=player)

        page = Client().post(reverse(route, args=[link.token]), self.REFUSED[route])

        assert page.status_code in {409, 422}
        assert shown in page.text
        assert "Spoken words" in page.text
        assert "can’t be played here" not in page.text

    def test_links_of_the_player_lead_to_the_share_page(self, own: Any) -> None:
        link = own(shows_transcript=True, comments="named")
        caption(link.video)

        page = Client().post(reverse("share_comment", args=[link.token]), {"comment": ""}).text

        assert f'href="{link.get_absolute_url()}?player=hosted"' in page
        assert f'href="{link.get_absolute_url()}?t=75"' in page
