"""Two takes beside each other: players, scripts, options, approvals and votes; for every member, without a write."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.sharing import actions
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import DeleteMode, Status
from tavusweb.workspaces.permissions import Role

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@pytest.fixture
def calm(make_video: Any) -> Video:
    return make_video(
        Status.READY,
        title="Calm",
        script="Hello. We <b>grow</b>.\nSee you.",
        hosted_url="https://tavus.video/calm",
        finished_at=timezone.now(),
    )


@pytest.fixture
def lively(make_video: Any, calm: Video) -> Video:
    return make_video(
        Status.READY,
        title="Lively",
        script="Hello. We fly.\nSee you.",
        hosted_url="https://tavus.video/lively",
        original=calm,
    )


def url(one: Video, other: Any, slug: str = "acme") -> str:
    return reverse("takes_compare", args=[slug, one.pk, getattr(other, "pk", other)])


def ada(link: str = "1", name: str = "Ada") -> Speaker:
    return Speaker(Proof.NAME, name, link=link, link_name="For Ada")


def sides(page: str) -> list[str]:
    return page.split("<article data-take=")[1:]


def decide(speaker: Speaker, video: Video, kind: VerdictKind = VerdictKind.APPROVED) -> Any:
    return reviews.decide(Actor(), speaker, video, kind, shown=fingerprint_of(video), reason="Slower")


class TestPage:
    def test_both_players_stand_beside_each_other(self, as_maria: Client, calm: Video, lively: Video) -> None:
        first, second = sides(as_maria.get(url(calm, lively)).text)

        assert 'src="https://tavus.video/calm"' in first
        assert 'title="Take A: Calm"' in first
        assert 'src="https://tavus.video/lively"' in second
        assert 'title="Take B: Lively"' in second
        assert f'datetime="{calm.finished_at:%Y-%m-%d}' in first
        assert all('data-status="ready"' in side for side in (first, second))

    def test_differing_sentences_are_marked_and_escaped(self, as_maria: Client, calm: Video, lively: Video) -> None:
        page = as_maria.get(url(calm, lively)).text

        assert re.findall(r"<mark>(.*?)</mark>", page) == ["We &lt;b&gt;grow&lt;/b&gt;.", "We fly."]
        assert page.count("1 sentence marked") == 2

    def test_same_script_is_shown_once_and_unmarked(self, as_maria: Client, calm: Video, make_video: Any) -> None:
        again = make_video(Status.READY, title="Again", script=calm.script)

        page = as_maria.get(url(calm, again)).text

        assert "Both takes have the same script." in page
        assert page.count("data-script=") == 1
        assert "<mark>" not in page

    def test_only_options_that_differ_are_listed(self, as_maria: Client, calm: Video, make_video: Any) -> None:
        other = make_video(
            Status.READY,
            title="Other",
            script=calm.script,
            fast=True,
            replica_id="r2",
            replica_name="Nora",
            watermark_image_url="https://example.com/w.png",
        )

        page = as_maria.get(url(calm, other)).text

        labels = re.findall(r"<tr><td><strong>(.*?)</strong>", page)
        assert labels == ["Replica", "Watermark image URL", "Fast render"]
        values = re.findall(r'<span class="value" dir="auto">(.*?)</span>', page)
        assert values == ["r1", "Nora (r2)", "–", "https://example.com/w.png", "Off", "On"]
        assert (
            "Both takes have the same options."
            in as_maria.get(url(calm, make_video(Status.READY, script="Other words"))).text
        )

    def test_title_and_script_are_not_listed_as_options(self, as_maria: Client, calm: Video, lively: Video) -> None:
        assert "Both takes have the same options." in as_maria.get(url(calm, lively)).text

    def test_recordings_are_compared_by_name(
        self, as_maria: Client, calm: Video, workspace: Any, make_video: Any
    ) -> None:
        audio = workspace.audio_files.create(name="<i>.wav", extension="wav", size=1, seconds=4)
        page = as_maria.get(url(calm, make_video(Status.READY, script="", audio=audio))).text

        assert "&lt;i&gt;.wav" in page
        assert "No script" in page

    def test_long_and_right_to_left_text_keeps_its_direction(
        self, as_maria: Client, calm: Video, make_video: Any
    ) -> None:
        other = make_video(Status.READY, title="مرحبا", script="مرحبا؟ نعم. " * 1000)

        page = as_maria.get(url(calm, other)).text

        assert 'dir="auto" data-script="B"' in page
        assert '<h2 id="take_B" dir="auto">' in page

    def test_scripts_are_not_needed(self, as_maria: Client, calm: Video, lively: Video) -> None:
        main = as_maria.get(url(calm, lively)).text.partition("<main")[2].partition("</main>")[0]

        assert "<script" not in main
        assert "hx-" not in main


class TestStates:
    @pytest.mark.parametrize(
        ("status", "fields", "words"),
        [
            (Status.GENERATING, {}, "This take isn’t ready yet."),
            (Status.FAILED, {}, "There is nothing to play."),
            (Status.READY, {"lost_at": timezone.now()}, "This take is no longer available at Tavus."),
            (Status.READY, {"hosted_url": "https://elsewhere.example/v"}, "Watch in a new tab"),
        ],
    )
    def test_take_without_a_player_says_why(
        self, status: Status, fields: dict[str, Any], words: str, as_maria: Client, calm: Video, make_video: Any
    ) -> None:
        other = make_video(status, **{"hosted_url": "https://tavus.video/x"} | fields)

        first, second = sides(as_maria.get(url(calm, other)).text)

        assert words in second
        assert "<iframe" not in second
        assert "<iframe" in first

    def test_deleted_take_is_still_compared(self, as_maria: Client, calm: Video, lively: Video) -> None:
        Video.objects.filter(pk=lively.pk).update(status=Status.DELETED)

        _, second = sides(as_maria.get(url(calm, lively)).text)

        assert 'data-status="deleted"' in second
        assert "tavus.video/lively" not in second

    @pytest.mark.parametrize("given", ["unknown", "foreign", "draft", "itself"])
    def test_what_is_no_other_take_here_is_404(
        self, given: str, as_maria: Client, calm: Video, make_video: Any, zoe: User
    ) -> None:
        theirs = Video.objects.create(workspace=zoe.memberships.get().workspace, status=Status.READY)
        other = {"unknown": uuid4(), "foreign": theirs.pk, "draft": make_video(Status.DRAFT).pk, "itself": calm.pk}

        assert as_maria.get(url(calm, other[given])).status_code == 404
        if given != "itself":
            assert as_maria.get(reverse("takes_compare", args=["acme", other[given], calm.pk])).status_code == 404
            assert as_maria.get(reverse("takes_to_compare", args=["acme", other[given]])).status_code == 404

    def test_viewers_can_compare(self, erik: User, client: Client, calm: Video, lively: Video) -> None:
        erik.memberships.update(role=Role.VIEWER)
        client.force_login(erik)

        assert client.get(url(calm, lively)).status_code == 200
        assert client.get(reverse("takes_to_compare", args=["acme", calm.pk])).status_code == 200

    def test_viewing_writes_nothing_with_few_queries_however_much_was_answered(
        self, as_maria: Client, calm: Video, lively: Video
    ) -> None:
        for number in range(20):
            decide(ada(name=f"Guest {number}"), calm)
            reviews.vote(ada(name=f"Guest {number}"), lively)
        counted = []
        for address in (url(calm, lively), reverse("takes_to_compare", args=["acme", calm.pk])):
            with CaptureQueriesContext(connection) as queries:
                assert as_maria.get(address).status_code == 200
            assert not [query["sql"] for query in queries if query["sql"].lstrip("( ").upper().startswith(WRITES)]
            counted.append(len(queries))

        # Session, user, membership, the sidebar; and the takes, verdicts and votes, or the
        # video, related and other takes.
        assert counted == [7, 7]


class TestReached:
    def test_video_page_leads_through_its_related_takes(
        self, as_maria: Client, calm: Video, lively: Video, make_video: Any
    ) -> None:
        unrelated = make_video(Status.READY, title="Unrelated")
        choice = reverse("takes_to_compare", args=["acme", calm.pk])
        assert f'href="{choice}"' in as_maria.get(calm.get_absolute_url()).text

        page = as_maria.get(choice).text

        assert re.findall(r'data-take="(.*?)"', page) == [str(lively.pk), str(unrelated.pk)]
        assert f'href="{url(calm, lively)}"' in page

    def test_choice_is_searched(self, as_maria: Client, calm: Video, lively: Video, make_video: Any) -> None:
        make_video(Status.READY, title="Unrelated")
        choice = reverse("takes_to_compare", args=["acme", calm.pk])

        assert re.findall(r'data-take="(.*?)"', as_maria.get(choice, {"q": "livel"}).text) == [str(lively.pk)]
        assert "No videos match your search." in as_maria.get(choice, {"q": "zzz"}).text

    def test_video_that_cannot_be_watched_offers_no_comparison(self, as_maria: Client, make_video: Any) -> None:
        failed = make_video(Status.FAILED)

        assert reverse("takes_to_compare", args=["acme", failed.pk]) not in as_maria.get(failed.get_absolute_url()).text

    def test_takes_page_of_a_link_leads_to_it(self, as_maria: Client, maria: User, calm: Video, lively: Video) -> None:
        link = ShareLink.objects.create(video=calm, created_by=maria)
        actions.swap_take(Actor(maria), link, lively)

        page = as_maria.get(reverse("share_link_takes", args=["acme", link.pk])).text

        assert f'href="{url(lively, calm)}"' in page
        assert f'href="{url(lively, lively)}"' not in page

    def test_take_being_deleted_is_not_offered(self, as_maria: Client, calm: Video, lively: Video) -> None:
        Video.objects.filter(pk=lively.pk).update(wants_delete=DeleteMode.SOFT)

        assert str(lively.pk) not in as_maria.get(reverse("takes_to_compare", args=["acme", calm.pk])).text
