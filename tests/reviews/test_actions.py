"""What is answered to a video, by whom, and who may take it back."""

from dataclasses import replace
from datetime import timedelta
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


def test_verdict_can_be_withdrawn_by_its_author(video: Video, maria: User) -> None:
    verdict = actions.decide(Actor(), ADA, video, VerdictKind.APPROVED, shown=fingerprint_of(video))

    with pytest.raises(PermissionDenied):
        actions.withdraw(Actor(), Speaker(Proof.NAME, "Ada", link="7"), verdict)
    assert actions.withdraw(Actor(), ADA, verdict)
    assert not actions.withdraw(Actor(), ADA, verdict), "once"

    [event] = AuditEvent.objects.filter(action=AuditAction.VERDICT_WITHDRAWN)
    assert event.after == {"name": "Ada", "email": "ada@example.com", "proof": "code", "link": "For Ada"}


def test_guest_can_edit_a_comment_for_fifteen_minutes(video: Video, maria: User) -> None:
    said = actions.comment(replace(ADA, guest="mark"), video, "First")

    assert said.may_be_changed_by(guest="mark")
    assert not said.may_be_changed_by(guest="another")
    assert not said.may_be_changed_by(user=maria)
    assert not actions.comment(ADA, video, "Unmarked").may_be_changed_by(guest="")
    assert actions.edit(said, "Second")

    said.refresh_from_db()
    assert (said.body, said.edited_at is not None) == ("Second", True)
    said.created_at -= timedelta(minutes=16)
    assert not said.may_be_changed_by(guest="mark")


def test_member_can_edit_a_comment_until_it_is_deleted(video: Video, maria: User, erik: User) -> None:
    said = actions.comment(Speaker(Proof.MEMBER, user=maria), video, "First")
    said.created_at -= timedelta(days=400)

    assert said.may_be_changed_by(user=maria)
    assert not said.may_be_changed_by(user=erik)
    actions.delete(Actor(maria), said)
    assert not actions.edit(said, "Second"), "deleted in another window"


def test_resubmitted_form_leaves_one_comment(video: Video) -> None:
    first = actions.comment(ADA, video, "First", once="0" * 16)

    assert actions.comment(ADA, video, "First", once="0" * 16) == first
    assert actions.comment(ADA, video, "First", once="1" * 16) != first
    assert Comment.objects.count() == 2


def test_resubmitted_decision_is_recorded_once(video: Video) -> None:
    shown = fingerprint_of(video)
    first = actions.decide(Actor(), ADA, video, VerdictKind.APPROVED, shown=shown)

    assert actions.decide(Actor(), ADA, video, VerdictKind.APPROVED, shown=shown) == first
    assert AuditEvent.objects.filter(action=AuditAction.VIDEO_APPROVED).count() == 1
    actions.withdraw(Actor(), ADA, first)
    assert actions.decide(Actor(), ADA, video, VerdictKind.APPROVED, shown=shown) != first


def test_comment_names_its_take(video: Video) -> None:
    said = actions.comment(ADA, video, "First")

    assert (said.fingerprint, said.take_at) == (fingerprint_of(video), video.submitted_at)


def test_deleting_anothers_comment_is_recorded(video: Video, maria: User) -> None:
    said = actions.comment(ADA, video, "Unkind words")

    assert actions.delete(Actor(maria), said)
    assert not actions.delete(Actor(maria), said)

    assert not Comment.objects.visible().exists()
    assert AuditEvent.objects.get(action=AuditAction.COMMENT_DELETED).actor == "maria@example.com"


def test_resolving_and_reopening_a_thread(video: Video, maria: User) -> None:
    said = actions.comment(ADA, video, "The year is wrong.")

    actions.resolve(Actor(maria), said)
    said.refresh_from_db()
    assert (said.is_resolved, said.resolved_by) == (True, maria)
    actions.reopen(said)

    said.refresh_from_db()
    assert not said.is_resolved


def test_nested_reply_stays_in_its_thread_and_page(video: Video, maria: User) -> None:
    first = actions.comment(ADA, video, "First")
    second = actions.comment(Speaker(Proof.MEMBER, user=maria), video, "Second", parent=first)
    third = actions.comment(ADA, video, "Third", parent=second)

    assert (second.parent, third.parent) == (first, first)
    assert set(Comment.objects.through("7")) == {first, second, third}
