import pytest

from tavusweb.sharing.policy import HTTP_STATUS, Shows, decide
from tavusweb.videos.models.status import Status

ALIVE = {
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


@pytest.mark.parametrize("status", Status)
def test_a_live_link_shows_where_its_video_stands(status: Status) -> None:
    assert decide(is_revoked=False, is_locked=False, status=status, is_being_deleted=False) is ALIVE[status]


@pytest.mark.parametrize("status", Status)
def test_a_video_on_its_way_out_is_gone_at_once(status: Status) -> None:
    assert decide(is_revoked=False, is_locked=False, status=status, is_being_deleted=True) is Shows.DELETED


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("is_being_deleted", [False, True])
@pytest.mark.parametrize("is_locked", [False, True])
def test_revocation_goes_before_everything_else(status: Status, is_being_deleted: bool, is_locked: bool) -> None:
    shows = decide(is_revoked=True, is_locked=is_locked, status=status, is_being_deleted=is_being_deleted)

    assert shows is Shows.REVOKED


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("is_being_deleted", [False, True])
def test_a_locked_link_tells_nothing_of_its_video(status: Status, is_being_deleted: bool) -> None:
    shows = decide(is_revoked=False, is_locked=True, status=status, is_being_deleted=is_being_deleted)

    assert shows is Shows.LOCKED


def test_what_is_gone_tells_caches_to_forget_it() -> None:
    assert {Shows.REVOKED: 410, Shows.DELETED: 410} == HTTP_STATUS
