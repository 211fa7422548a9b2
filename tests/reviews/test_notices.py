"""Who is told of what is said about a video, and what takes it back."""

from collections.abc import Callable
from typing import Any

import pytest

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.notify.models import Notice
from tavusweb.reviews import actions
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

GUEST = Speaker(Proof.NAME, "Ada", link="7", link_name="Customers")


@pytest.fixture
def video(make_video: Callable[..., Video]) -> Video:
    return make_video(Status.READY, title="Launch")


def member(user: User, **gate: Any) -> Speaker:
    return Speaker(Proof.MEMBER, user.name, user.email, user, **gate)


def told() -> set[tuple[str, str]]:
    rows = Notice.objects.active().open().exclude(kind__startswith="video")
    return set(rows.values_list("recipient__email", "kind"))


def test_guest_comment_notifies_the_video_and_link_creators(video: Video, maria: User, erik: User) -> None:
    speaker = Speaker(Proof.NAME, "Ada", link="7", link_name="Customers", gate_owner=erik.pk)

    row = actions.comment(speaker, video, "Too long")

    assert told() == {("maria@example.com", "comment"), ("erik@example.com", "comment")}
    notice = Notice.objects.filter(recipient=maria, kind="comment").get()
    assert notice.data == {"title": "Launch", "name": "Ada", "link": "Customers", "text": "Too long"}
    assert notice.url == f"{video.get_absolute_url()}#comment-{row.pk}"


def test_authors_are_not_notified_of_their_own_comment(video: Video, maria: User) -> None:
    actions.comment(member(maria), video, "Note to self")

    assert told() == set()


def test_reply_notifies_thread_members_and_comment_notifies_the_creator(video: Video, maria: User, erik: User) -> None:
    root = actions.comment(member(erik), video, "Nice")
    Notice.objects.all().delete()

    actions.comment(GUEST, video, "Thank you", parent=root)

    assert told() == {("erik@example.com", "reply"), ("maria@example.com", "comment")}


def test_resubmitted_form_notifies_once(video: Video) -> None:
    for _ in range(2):
        actions.comment(GUEST, video, "Hi", once="form-1")

    assert Notice.objects.filter(kind="comment").count() == 1


def test_resolving_a_thread_settles_all_its_notices(video: Video, maria: User, erik: User) -> None:
    root = actions.comment(GUEST, video, "Hi")
    actions.comment(member(erik), video, "Hello", parent=root)

    actions.resolve(Actor(user=maria), root)

    assert told() == set()


def test_deleting_a_comment_or_verdict_withdraws_its_notice(video: Video, maria: User, erik: User) -> None:
    comment = actions.comment(member(erik), video, "Hi")
    shown = fingerprint_of(video)
    verdict = actions.decide(Actor(user=erik), member(erik), video, VerdictKind.APPROVED, shown=shown)
    before = told()

    actions.delete(Actor(user=erik), comment)
    actions.withdraw(Actor(user=erik), member(erik), verdict)

    assert before == {("maria@example.com", "comment"), ("maria@example.com", "approved")}
    assert told() == set()


def test_request_for_changes_carries_its_reason(video: Video) -> None:
    actions.decide(Actor(), GUEST, video, VerdictKind.CHANGES, shown=fingerprint_of(video), reason="Too long")

    assert Notice.objects.get(kind="changes_requested").data["reason"] == "Too long"
