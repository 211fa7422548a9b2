"""Several reviewers, a number of approvals and a date: asked for, counted and taken back on a video's page."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.notify.models import Notice
from tavusweb.reviews import actions
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import ApprovalRequest, VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker, member_speaker
from tavusweb.reviews.standing import Standing, Tally, Voice, tally
from tavusweb.reviews.wanted import Wanted
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

ADA, BOB = frozenset({"email:ada@example.com"}), frozenset({"user:7", "email:bob@example.com"})
NOW = timezone.now()


def voice(identity: str, kind: str = "approved", proven: frozenset[str] = frozenset(), **fields: Any) -> Voice:
    return Voice(identity, kind, "f1", NOW, proven=proven, **fields)


PROVEN = voice("email:ada@example.com", proven=ADA)
ENTERED = voice("email:ada@example.com")
MEMBER = voice("user:7", proven=BOB)
TALLIES = [
    ("nobody yet", [], Wanted(2), (Standing.NONE, 0, 2)),
    ("one of two", [ENTERED], Wanted(2), (Standing.NONE, 1, 2)),
    ("two of two", [ENTERED, MEMBER], Wanted(2), (Standing.APPROVED, 2, 2)),
    ("a named reviewer who is proven", [PROVEN], Wanted(1, (ADA,)), (Standing.APPROVED, 1, 1)),
    ("one who only entered the address", [ENTERED], Wanted(1, (ADA,)), (Standing.NONE, 0, 1)),
    ("somebody who was not named", [MEMBER], Wanted(1, (ADA,)), (Standing.NONE, 0, 1)),
    ("one of two named", [PROVEN], Wanted(2, (ADA, BOB)), (Standing.NONE, 1, 2)),
    ("any one of two named", [MEMBER], Wanted(1, (ADA, BOB)), (Standing.APPROVED, 1, 1)),
    ("more needed than named", [PROVEN], Wanted(5, (ADA,)), (Standing.APPROVED, 1, 1)),
    ("changes of anybody outweigh", [PROVEN, voice("x", "changes")], Wanted(1, (ADA,)), (Standing.CHANGES, 1, 1)),
    ("taken back", [voice("user:7", proven=BOB, is_withdrawn=True)], Wanted(1, (BOB,)), (Standing.NONE, 0, 1)),
]


@pytest.mark.parametrize(
    ("voices", "wanted", "expected"), [row[1:] for row in TALLIES], ids=[row[0] for row in TALLIES]
)
def test_tally(voices: list[Voice], wanted: Wanted, expected: tuple[Standing, int, int]) -> None:
    found = tally(voices, "f1", wanted)

    assert (found.standing, found.approved, found.needed) == expected
    assert tally(voices, "f2", wanted).standing == Standing.NONE, "another take has none of them"


def test_reviewers_who_have_not_approved_are_named() -> None:
    assert tally([PROVEN], "f1", Wanted(2, (ADA, BOB))) == Tally(Standing.NONE, 1, 2, (BOB,))


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Launch", tavus_id="v1", hosted_url="https://tavus.video/v1")


def page(client: Client, video: Video) -> str:
    return client.get(video.get_absolute_url()).text


def send(client: Client, route: str, video: Video, **fields: Any) -> Any:
    return client.post(reverse(route, args=["acme", video.pk]), fields)


def approve(video: Video, name: str, proof: Proof = Proof.NAME, email: str = "") -> None:
    speaker = Speaker(proof, name, email, link="7")
    actions.decide(Actor(), speaker, video, VerdictKind.APPROVED, shown=fingerprint_of(video))


class TestAsking:
    def test_number_reviewers_and_date_are_shown_with_who_approved(
        self, as_maria: Client, video: Video, erik: User
    ) -> None:
        due = (timezone.localdate() + timedelta(days=5)).isoformat()
        answer = send(
            as_maria,
            "video_approval_request",
            video,
            needed="2",
            reviewers="ada@example.com\nErik@example.com\nada@example.com",
            due_date=due,
        )
        approve(video, "Ada", Proof.CODE, "ada@example.com")

        assert answer.status_code == 302
        row = ApprovalRequest.objects.get()
        assert [(each["email"], each["user"]) for each in row.reviewers] == [
            ("ada@example.com", None),
            ("erik@example.com", erik.pk),
        ]
        shown = page(as_maria, video)
        assert "1 of 2 approved" in shown
        assert 'data-approval="none"' in shown
        assert shown.index("Not yet:") < shown.index("</span>Erik")
        actions.decide(Actor(erik), member_speaker(erik), video, VerdictKind.APPROVED, shown=fingerprint_of(video))
        assert 'data-approval="approved"' in page(as_maria, video)

    def test_named_members_are_notified_once(self, maria: User, video: Video, erik: User) -> None:
        for _ in range(2):
            actions.ask_for_approvals(Actor(maria), video, needed=1, addresses=["erik@example.com"])

        assert [row.recipient for row in Notice.objects.filter(kind="approval_asked")] == [erik]

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"needed": "0"}, "greater than or equal to 1"),
            ({"needed": "2", "reviewers": "ada@example.com"}, "You named fewer reviewers than approvals."),
            ({"needed": "1", "reviewers": "ada"}, "“ada” isn’t an email address."),
            ({"needed": "1", "reviewers": "\n".join(f"a{n}@example.com" for n in range(51))}, "at most 50 addresses"),
            ({"needed": "1", "due_date": "2020-01-01"}, "Enter a date in the future."),
        ],
    )
    def test_invalid_approval_request_is_a_field_error(
        self, fields: dict[str, str], words: str, as_maria: Client, video: Video
    ) -> None:
        refused = send(as_maria, "video_approval_request", video, **fields)

        assert refused.status_code == 422
        assert words in refused.text
        assert not ApprovalRequest.objects.exists()

    def test_ended_request_needs_one_approval_and_is_recorded_once(
        self, as_maria: Client, maria: User, video: Video
    ) -> None:
        actions.ask_for_approvals(Actor(maria), video, needed=3)
        approve(video, "Ada")

        for _ in range(2):
            send(as_maria, "video_approval_request", video, end="1")

        assert 'data-approval="approved"' in page(as_maria, video)
        assert AuditEvent.objects.filter(action=AuditAction.APPROVAL_REQUEST_ENDED).count() == 1

    def test_permission_is_checked_inside_the_action(self, video: Video, zoe: User) -> None:
        with pytest.raises(PermissionDenied):
            actions.ask_for_approvals(Actor(zoe), video, needed=1)
        with pytest.raises(PermissionDenied):
            actions.stop_asking_for_approvals(Actor(zoe), video)


class TestMembersDecide:
    def test_member_can_approve_and_withdraw(self, as_maria: Client, video: Video) -> None:
        assert "You approve “Launch”, the take of" in page(as_maria, video)
        send(as_maria, "video_approve", video, shown=fingerprint_of(video))
        assert 'data-approval="approved"' in page(as_maria, video)

        send(as_maria, "video_verdict_withdraw", video)

        assert 'data-approval="none"' in page(as_maria, video)
        actions_seen = AuditEvent.objects.values_list("action", flat=True)
        assert {AuditAction.VIDEO_APPROVED, AuditAction.VERDICT_WITHDRAWN} <= set(actions_seen)

    def test_change_request_requires_a_reason(self, as_maria: Client, video: Video) -> None:
        shown = fingerprint_of(video)

        refused = send(as_maria, "video_request_changes", video, shown=shown, reason=" ")
        send(as_maria, "video_request_changes", video, shown=shown, reason="The year is wrong.")

        assert refused.status_code == 422
        assert "The year is wrong." in page(as_maria, video)
        assert 'data-approval="changes"' in page(as_maria, video)

    def test_video_changed_meanwhile_is_not_approved(self, as_maria: Client, video: Video) -> None:
        shown = fingerprint_of(video)
        Video.objects.update(script="Other words")

        send(as_maria, "video_approve", video, shown=shown)

        assert not video.verdicts.exists()


def test_guest_cannot_withdraw_a_namesakes_decision(video: Video) -> None:
    ada = Speaker(Proof.NAME, "Ada", link="7", guest="one")
    verdict = actions.decide(Actor(), ada, video, VerdictKind.APPROVED, shown=fingerprint_of(video))

    with pytest.raises(PermissionDenied):
        actions.withdraw(Actor(), Speaker(Proof.NAME, "Ada", link="7", guest="two"), verdict)
    assert actions.withdraw(Actor(), Speaker(Proof.NAME, "Anyone", link="7", guest="one"), verdict)
