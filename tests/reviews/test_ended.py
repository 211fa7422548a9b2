"""An approval ends visibly when the script, an option or the take changes, and only then."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.reviews import actions
from tavusweb.reviews.ended import MOST, Change, Ended, ended_approvals
from tavusweb.reviews.fingerprint import UNSEEN, fingerprint_of
from tavusweb.reviews.models import Verdict, VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker, member_speaker
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import AudioFile, Video
from tavusweb.videos.models.status import Status
from tavusweb.videos.spec import VideoSpec
from tests.videos.test_spec import CHANGES

SEEN = [name for name in VideoSpec.names() if name not in UNSEEN]
SPEC_CHANGED = "An earlier approval by <bdi>Ada</bdi> ended: the script or an option changed."
TAKE_CHANGED = "An earlier approval by <bdi>Ada</bdi> ended: the take changed."


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, hosted_url="https://tavus.video/v1", finished_at=timezone.now())


@pytest.fixture
def link(video: Video, maria: User) -> ShareLink:
    return ShareLink.objects.create(video=video, created_by=maria, name="For Ada", approval=True)


def ada(link: ShareLink | None = None, name: str = "Ada") -> Speaker:
    return Speaker(Proof.NAME, name, link=str(link.pk) if link else "1", link_name="For Ada")


def decide(video: Video, speaker: Speaker, kind: VerdictKind = VerdictKind.APPROVED) -> Verdict:
    video = Video.objects.get(pk=video.pk)
    return actions.decide(Actor(), speaker, video, kind, shown=fingerprint_of(video), reason="Slower")


def change(video: Video, **fields: Any) -> None:
    Video.objects.filter(pk=video.pk).update(**fields or {"script": "Other words"})


def ended(video: Video) -> tuple[Ended, ...]:
    video = Video.objects.get(pk=video.pk)
    rows = Verdict.objects.select_related("user")
    return ended_approvals(
        video, fingerprint_of(video), rows, name_of=lambda row: row.speaker_name, is_own=lambda row: False
    )


class TestBothPages:
    """The members' page of a video and the public page of its link."""

    @pytest.fixture(params=["members", "public"])
    def page(self, request: pytest.FixtureRequest, as_maria: Client, video: Video, link: ShareLink) -> Any:
        address = video.get_absolute_url() if request.param == "members" else link.get_absolute_url()
        client = as_maria if request.param == "members" else Client()
        return lambda: client.get(address).text

    def test_changing_a_field_ends_the_approval_and_says_so(self, page: Any, video: Video, link: ShareLink) -> None:
        decide(video, ada(link))
        before = page()
        assert 'data-approval="approved"' in before
        assert "data-ended" not in before

        change(video)

        shown = page()
        assert 'data-approval="none"' in shown
        assert SPEC_CHANGED in shown

    def test_new_take_ends_the_approval_and_says_so(self, page: Any, video: Video, link: ShareLink) -> None:
        decide(video, ada(link))

        change(video, tavus_id="another", finished_at=timezone.now() + timedelta(minutes=5))

        assert 'data-approval="none"' in page()
        assert TAKE_CHANGED in page()

    def test_saving_without_a_change_keeps_it(self, page: Any, video: Video, link: ShareLink) -> None:
        decide(video, ada(link))

        saved = Video.objects.get(pk=video.pk)
        saved.save()
        change(video, **{name: getattr(saved, name) for name in VideoSpec.names()})

        assert 'data-approval="approved"' in page()
        assert "data-ended" not in page()

    def test_what_nobody_sees_keeps_it(
        self, page: Any, video: Video, link: ShareLink, as_maria: Client, key: Any
    ) -> None:
        decide(video, ada(link))

        as_maria.post(reverse("video_rename", args=["acme", video.pk]), {"title": "Goodbye"})
        change(video, api_key=None)

        assert "Goodbye" in page()
        assert 'data-approval="approved"' in page()
        assert "data-ended" not in page()

    def test_undone_change_brings_it_back(self, page: Any, video: Video, link: ShareLink) -> None:
        decide(video, ada(link))
        change(video, script="Other words")
        change(video, script=video.script)

        assert 'data-approval="approved"' in page()
        assert "data-ended" not in page()

    def test_new_approval_replaces_the_sentence(self, page: Any, video: Video, link: ShareLink) -> None:
        decide(video, ada(link))
        change(video)
        assert "data-ended" in page()

        decide(video, ada(link, "Olga"))

        assert 'data-approval="approved"' in page()
        assert "data-ended" not in page()

    def test_name_is_escaped(self, page: Any, video: Video, link: ShareLink) -> None:
        decide(video, ada(link, "<b>Ada</b>"))
        change(video)

        assert "<bdi>&lt;b&gt;Ada&lt;/b&gt;</bdi>" in page()


class TestWhichEnded:
    @pytest.mark.parametrize("name", SEEN)
    def test_changing_any_field_that_is_seen_ends_the_approval(self, name: str, video: Video, workspace: Any) -> None:
        change(video, background_scroll=True, background_url="https://example.com/before")
        decide(video, ada())
        assert ended(video) == ()
        audio = AudioFile.objects.create(workspace=workspace, name="a.wav", extension="wav", size=1, seconds=4)

        change(video, **{key: audio if value == "the recording" else value for key, value in CHANGES[name].items()})

        assert ended(video) == (Ended(Change.SPEC, "Ada"),)

    def test_withdrawn_and_replaced_approvals_did_not_end(self, video: Video) -> None:
        decide(video, ada())
        Verdict.objects.update(withdrawn_at=timezone.now())
        decide(video, ada(name="Olga"))
        decide(video, ada(name="Olga"), VerdictKind.CHANGES)
        change(video)

        assert ended(video) == ()

    def test_approver_who_answered_since_is_not_named(self, video: Video) -> None:
        decide(video, ada())
        decide(video, ada(name="Olga"))
        change(video)
        decide(video, ada(), VerdictKind.CHANGES)

        assert ended(video) == (Ended(Change.SPEC, "Olga"),)

    def test_approver_of_two_versions_is_named_once(self, video: Video) -> None:
        decide(video, ada())
        change(video, script="Second words")
        decide(video, ada())
        change(video, script="Third words")

        assert len(ended(video)) == 1

    def test_newest_come_first_and_are_bounded(self, video: Video) -> None:
        for number in range(MOST + 2):
            decide(video, ada(name=f"Guest {number}"))
        change(video)

        assert [each.name for each in ended(video)] == [f"Guest {number}" for number in (4, 3, 2)]

    def test_video_made_again_has_another_take(self, video: Video) -> None:
        decide(video, ada())
        change(video, tavus_id="", finished_at=None, status=Status.WAITING)

        assert ended(video) == (Ended(Change.TAKE, "Ada"),)


def test_member_reads_of_the_own_approval(as_maria: Client, maria: User, video: Video) -> None:
    decide(video, member_speaker(maria))
    change(video)

    assert (
        "Your earlier approval ended: the script or an option changed." in as_maria.get(video.get_absolute_url()).text
    )
