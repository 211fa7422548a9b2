"""The proof proves something: each thing that must not happen is found when it did."""

from typing import Any

import pytest

from tavusweb.videos.models import EventKind, Video
from tavusweb.videos.models.status import Ask, Status
from tests.chaos.ledger import Ledger
from tests.chaos.verdict import Verdict, judge

KEY = "7890"
PROVES = {"event": "behaviour", "key": KEY, "behaviour": "oldest first", "can_prove": True}
PROVES_NOTHING = {"event": "behaviour", "key": KEY, "behaviour": "total missing", "can_prove": False}


def accepted(video: Video, video_id: str = "v1", *, fails: bool = False, name: str = "") -> dict[str, Any]:
    bought = {"script": video.script, "video_id": video_id, "fails": fails}
    return {"event": "accepted", "key": KEY, "name": name, **bought}


def judged(videos: list[Video], *entries: dict[str, Any], may_search: bool = False) -> Verdict:
    return judge([str(video.pk) for video in videos], videos, Ledger.of(entries), may_search=may_search)


@pytest.fixture
def ready(make_video: Any, maria: Any) -> Video:
    """A video that went the whole way."""
    video = make_video(Status.DRAFT, script="Its own words")
    video.enqueue(by=maria)
    video.claim()
    video.adopt("v1")
    video.mirror(Status.GENERATING, kind=EventKind.RENDERING)
    video.mirror(Status.READY, kind=EventKind.READY)
    return Video.objects.get(pk=video.pk)


def test_one_purchase_that_became_ready_is_in_order(ready: Video) -> None:
    verdict = judged([ready], accepted(ready))

    assert verdict.is_in_order, verdict.findings


def test_two_purchases_of_one_script_are_found_whatever_they_are_called(ready: Video) -> None:
    verdict = judged([ready], accepted(ready), accepted(ready, "v2", name="another name"))

    assert verdict.bought_twice == [str(ready.pk)]


def test_a_video_bought_twice_may_be_followed_under_either_id(ready: Video) -> None:
    assert judged([ready], accepted(ready, "v0", fails=True), accepted(ready)).wrong == []


def test_a_purchase_that_no_row_knows_is_found(ready: Video, make_video: Any) -> None:
    gone = make_video(Status.READY, script="Of a row that is gone")

    verdict = judged([ready], accepted(ready), accepted(gone, "v2"))

    assert verdict.bought_for_nobody == ["Of a row that is gone"]


def test_a_cancelled_video_that_was_bought_is_found(make_video: Any) -> None:
    video = make_video(Status.CANCELLED, attempt=1)

    assert judged([video], accepted(video)).wrong == [str(video.pk)]


@pytest.mark.parametrize("status", [Status.WAITING, Status.SENDING, Status.UNSURE, Status.GENERATING])
def test_what_is_still_pending_in_the_end_is_found(make_video: Any, status: Status) -> None:
    video = make_video(status)

    assert judged([video]).unsettled == [f"{video.pk} {status}"]


@pytest.fixture
def asking(make_video: Any) -> Any:
    return lambda ask: make_video(Status.UNSURE, script="Its own words", asks=ask)


@pytest.mark.parametrize("is_bought", [True, False])
def test_what_asks_a_person_is_settled_where_nothing_can_be_proven(asking: Any, is_bought: bool) -> None:
    video = asking(Ask.NO_PROOF)

    verdict = judged([video], PROVES_NOTHING, *[accepted(video)] * is_bought)

    assert (verdict.unsettled, verdict.asked_needlessly) == ([], [])
    assert verdict.asked == {"total missing: no_proof": 1}


def test_a_question_is_needless_where_the_list_tells_the_truth_unless_it_was_lost_twice(asking: Any) -> None:
    no_proof, lost_again = asking(Ask.NO_PROOF), asking(Ask.ABSENT_AGAIN)

    assert judged([no_proof], PROVES).asked_needlessly == [f"{no_proof.pk} no_proof"]
    assert judged([lost_again], PROVES).asked_needlessly == []
    assert judged([lost_again], PROVES, accepted(lost_again)).asked_needlessly == [f"{lost_again.pk} absent_again"]


def test_what_asks_a_person_and_was_bought_twice_is_found(asking: Any) -> None:
    video = asking(Ask.NO_PROOF)

    assert judged([video], PROVES_NOTHING, accepted(video), accepted(video, "v2")).bought_twice == [str(video.pk)]


def test_a_short_run_may_end_while_what_cannot_be_proven_is_still_searched(asking: Any) -> None:
    video = asking("")

    assert judged([video], PROVES_NOTHING, may_search=True).searching == {"total missing": 1}
    assert judged([video], PROVES_NOTHING).unsettled == [f"{video.pk} unsure"]
    assert judged([video], PROVES, may_search=True).unsettled == [f"{video.pk} unsure"]


def test_a_video_that_nobody_deleted_is_wrong_as_deleted(make_video: Any) -> None:
    video = make_video(Status.DELETED, tavus_id="v1", script="Its own words")

    assert judged([video], accepted(video)).wrong == [str(video.pk)]


def test_a_row_that_is_gone_or_was_never_asked_for_is_lost(make_video: Any) -> None:
    draft = make_video(Status.DRAFT)

    verdict = judge(["gone", str(draft.pk)], [draft], Ledger())

    assert verdict.lost == ["gone", str(draft.pk)]


def test_a_row_that_tells_another_story_than_the_provider_is_found(ready: Video) -> None:
    assert judged([ready], accepted(ready, "another")).wrong == [str(ready.pk)]
    assert judged([ready], accepted(ready, fails=True)).wrong == [str(ready.pk)]
    assert judged([ready]).not_bought == [str(ready.pk)]


def test_a_timeline_with_a_gap_is_found(ready: Video) -> None:
    ready.events.filter(to_status=Status.SENDING).delete()

    assert judged([ready], accepted(ready)).broken_timelines == [str(ready.pk)]


def test_a_request_within_a_pause_is_counted_unless_it_was_on_its_way() -> None:
    silence = {"event": "silence", "key": "7890", "at": 100.0, "seconds": 3}

    def request(at: float, too_early: float) -> dict[str, Any]:
        return {"event": "request", "key": "7890", "kind": "video", "at": at, "too_early": too_early}

    ledger = Ledger.of([silence, request(100.5, 2.5), request(102.0, 1.0), request(104.0, 0.0)])

    assert ledger.too_early == 1
