"""What is answered to a video, by whom, and who may take it back."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.reviews import actions
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import Comment, VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

ADA = Speaker(Proof.CODE, "Ada", "ada@example.com", link="7", link_name="For Ada")


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, tavus_id="v1")


def test_verdict_can_be_withdrawn_by_whoever_gave_it(video: Video, maria: User) -> None:
    verdict = actions.decide(Actor(), ADA, video, VerdictKind.APPROVED, shown=fingerprint_of(video))

    with pytest.raises(PermissionDenied):
        actions.withdraw(Actor(), Speaker(Proof.NAME, "Ada", link="7"), verdict)
    assert actions.withdraw(Actor(), ADA, verdict)
    assert not actions.withdraw(Actor(), ADA, verdict), "once"

    [event] = AuditEvent.objects.filter(action=AuditAction.VERDICT_WITHDRAWN)
    assert event.after == {"name": "Ada", "email": "ada@example.com", "proof": "code", "link": "For Ada"}


def test_author_can_change_a_comment_for_a_while(video: Video, maria: User, erik: User) -> None:
    said, key = actions.comment(ADA, video, "First")

    assert said.may_be_changed_with(key)
    assert not said.may_be_changed_with("another key")
    assert not said.may_be_changed_with("", by=maria)
    actions.edit(said, "Second")

    said.refresh_from_db()
    assert (said.body, said.edited_at is not None) == ("Second", True)


def test_member_who_removes_anothers_comment_is_recorded(video: Video, maria: User) -> None:
    said, _ = actions.comment(ADA, video, "Unkind words")

    assert actions.delete(Actor(maria), said)
    assert not actions.delete(Actor(maria), said)

    assert not Comment.objects.visible().exists()
    assert AuditEvent.objects.get(action=AuditAction.COMMENT_DELETED).actor == "maria@example.com"


def test_thread_is_resolved_and_reopened(video: Video, maria: User) -> None:
    said, _ = actions.comment(ADA, video, "The year is wrong.")

    actions.resolve(Actor(maria), said)
    said.refresh_from_db()
    assert (said.is_resolved, said.resolved_by) == (True, maria)
    actions.reopen(said)

    said.refresh_from_db()
    assert not said.is_resolved


def test_answer_to_an_answer_stays_in_its_thread_and_on_its_page(video: Video, maria: User) -> None:
    first, _ = actions.comment(ADA, video, "First")
    second, _ = actions.comment(Speaker(Proof.MEMBER, user=maria), video, "Second", parent=first)
    third, _ = actions.comment(ADA, video, "Third", parent=second)

    assert (second.parent, third.parent) == (first, first)
    assert set(Comment.objects.through("7")) == {first, second, third}
