from datetime import UTC, datetime, timedelta

import pytest

from tavusweb.sharing.policy import Decision, Rules, Shows, State, Visitor, decide
from tavusweb.videos.models.status import Status

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SHOWN = {
    Status.DRAFT: Shows.NOT_READY,
    Status.WAITING: Shows.NOT_READY,
    Status.SENDING: Shows.NOT_READY,
    Status.UNSURE: Shows.NOT_READY,
    Status.QUEUED: Shows.NOT_READY,
    Status.GENERATING: Shows.NOT_READY,
    Status.READY: Shows.VIDEO,
    Status.FAILED: Shows.FAILED,
    Status.CANCELLED: Shows.FAILED,
    Status.DELETED: Shows.DELETED,
}
BEFORE, AFTER = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(
    ("rules", "is_being_deleted", "unlocked_until", "shows"),
    [
        (Rules(), False, None, None),
        (Rules(), True, None, Shows.DELETED),
        (Rules(has_password=True), False, None, Shows.LOCKED),
        (Rules(has_password=True), True, None, Shows.LOCKED),
        (Rules(has_password=True), False, BEFORE, Shows.LOCKED),
        (Rules(has_password=True), False, NOW, Shows.LOCKED),
        (Rules(has_password=True), False, AFTER, None),
        (Rules(has_password=True), True, AFTER, Shows.DELETED),
        (Rules(is_revoked=True), False, None, Shows.REVOKED),
        (Rules(is_revoked=True), True, None, Shows.REVOKED),
        (Rules(is_revoked=True, has_password=True), False, None, Shows.REVOKED),
        (Rules(is_revoked=True, has_password=True), False, AFTER, Shows.REVOKED),
    ],
)
def test_revocation_comes_before_the_password_and_the_password_before_the_video(
    rules: Rules, is_being_deleted: bool, unlocked_until: datetime | None, shows: Shows | None, status: Status
) -> None:
    decision = decide(rules, State(status, is_being_deleted), Visitor(unlocked_until), NOW)

    assert decision.shows is (shows or SHOWN[status])


def test_gone_page_answers_410() -> None:
    assert {each for each in Shows if Decision(each).http_status == 410} == {Shows.REVOKED, Shows.DELETED}
