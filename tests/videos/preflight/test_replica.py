"""A replica that Tavus would fail is told before it is paid for; one that may be new there is only noted."""

from datetime import UTC, datetime, timedelta

import pytest

from tavusweb.videos.preflight import ReplicaState, replica_finding

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
LISTED = ReplicaState("Ada", is_listed=True)


@pytest.mark.parametrize(
    ("replica", "read_ago", "words", "refuses"),
    [
        (LISTED, 5, "", False),
        (LISTED, None, "", False),
        (ReplicaState("Ada", is_listed=True, is_usable=False), 5, "Ada is still in training", False),
        (ReplicaState("Ada", is_listed=True, is_usable=False, has_error=True), 5, "Ada is in an error state", True),
        (ReplicaState("Ada", has_error=True), None, "Ada is in an error state", True),
        (ReplicaState(), 60, "no replica with this ID", True),
        (ReplicaState(), 61, "isn’t in the list", False),
        (ReplicaState(), None, "isn’t in the list", False),
    ],
)
def test_only_what_is_known_to_fail_is_refused(
    replica: ReplicaState, read_ago: int | None, words: str, refuses: bool
) -> None:
    read_at = None if read_ago is None else NOW - timedelta(minutes=read_ago)

    finding = replica_finding(replica, whole_list_read_at=read_at, at=NOW)

    assert words in (finding.message if finding else "")
    assert bool(finding and finding.refuses) is refuses
