"""The proof proves something: each thing that must not happen is found when it did."""

from typing import Any

import pytest

from tavusweb.videos import naming
from tavusweb.videos.life import Status
from tavusweb.videos.models import Video
from tests.chaos.ledger import Ledger
from tests.chaos.verdict import Verdict, judge


def accepted(video: Video, attempt: int = 1, video_id: str = "v1", *, fails: bool = False) -> dict[str, Any]:
    name = naming.name_at_tavus(video.display_title, video.pk, attempt)
    return {"event": "accepted", "key": "7890", "name": name, "video_id": video_id, "fails": fails}


def judged(videos: list[Video], *entries: dict[str, Any]) -> Verdict:
    return judge([str(video.pk) for video in videos], videos, Ledger.of(entries))


@pytest.fixture
def ready(make_video: Any, maria: Any) -> Video:
    """A video that went the whole way."""
    video = make_video(Status.DRAFT)
    video.enqueue(by=maria)
    video.claim()
    video.adopt("v1")
    video.mirror(Status.GENERATING, text="")
    video.mirror(Status.READY, text="")
    return Video.objects.get(pk=video.pk)


def test_one_purchase_that_became_ready_is_in_order(ready: Video) -> None:
    verdict = judged([ready], accepted(ready))

    assert verdict.is_in_order, verdict.findings


def test_two_purchases_of_one_submission_are_found(ready: Video) -> None:
    verdict = judged([ready], accepted(ready), accepted(ready, video_id="v2"))

    assert verdict.bought_twice_in_one_submission == [str(naming.Mark.of(ready.pk, 1))]


def test_two_submissions_that_were_both_bought_are_found(ready: Video) -> None:
    ready.attempt = 2

    verdict = judged([ready], accepted(ready, 1), accepted(ready, 2, "v2"))

    assert verdict.bought_twice == [str(ready.pk)]


def test_a_purchase_that_no_row_knows_is_found(ready: Video, make_video: Any) -> None:
    gone = make_video(Status.READY)

    verdict = judged([ready], accepted(ready), accepted(gone, video_id="v2"))

    assert verdict.bought_for_nobody == [str(naming.Mark.of(gone.pk, 1))]


def test_a_cancelled_video_that_was_bought_is_found(make_video: Any) -> None:
    video = make_video(Status.CANCELLED, attempt=1)

    assert judged([video], accepted(video)).wrong == [str(video.pk)]


@pytest.mark.parametrize("status", [Status.WAITING, Status.SENDING, Status.UNSURE, Status.GENERATING])
def test_what_is_still_pending_in_the_end_is_found(make_video: Any, status: Status) -> None:
    video = make_video(status)

    assert judged([video]).unsettled == [f"{video.pk} {status}"]


def test_a_row_that_is_gone_or_was_never_asked_for_is_lost(make_video: Any) -> None:
    draft = make_video(Status.DRAFT)

    verdict = judge(["gone", str(draft.pk)], [draft], Ledger())

    assert verdict.lost == ["gone", str(draft.pk)]


def test_a_row_that_tells_another_story_than_the_provider_is_found(ready: Video) -> None:
    assert judged([ready], accepted(ready, video_id="another")).wrong == [str(ready.pk)]
    assert judged([ready], accepted(ready, fails=True)).wrong == [str(ready.pk)]
    assert judged([ready]).not_bought == [str(ready.pk)]


def test_a_timeline_with_a_gap_is_found(ready: Video) -> None:
    ready.events.filter(to_status=Status.SENDING).delete()

    assert judged([ready], accepted(ready)).broken_timelines == [str(ready.pk)]


def test_a_request_within_a_pause_is_counted_unless_it_was_on_its_way() -> None:
    told = {"event": "silence", "key": "7890", "at": 100.0, "seconds": 3}

    def request(at: float, too_early: float) -> dict[str, Any]:
        return {"event": "request", "key": "7890", "kind": "video", "at": at, "too_early": too_early}

    ledger = Ledger.of([told, request(100.5, 2.5), request(102.0, 1.0), request(104.0, 0.0)])

    assert ledger.too_early == 1
