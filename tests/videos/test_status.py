"""The transition table, by property, and by two processes at once."""

from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import EventKind, InvalidTransition, Video, VideoEvent
from tavusweb.videos.models.status import PENDING, TRANSITIONS, Status
from tavusweb.videos.naming import name_at_tavus
from tavusweb.videos.wait_reasons import Wait
from tavusweb.workspaces.models import Workspace
from tests.simultaneous import simultaneously

NOW = timezone.now()

# Every public move of a video, with the status that it leads to.
MOVES: dict[str, tuple[Status, Any]] = {
    "generate": (Status.WAITING, lambda video: video.enqueue(by=None)),
    "retry": (Status.WAITING, lambda video: video.retry(by=None)),
    "cancel": (Status.CANCELLED, lambda video: video.cancel(by=None)),
    "claim": (Status.SENDING, lambda video: video.claim()),
    "requeue": (Status.WAITING, lambda video: video.requeue(Wait.SLOTS, until=NOW)),
    "fail_refused": (Status.FAILED, lambda video: video.fail_refused("no")),
    "mark_unsure": (Status.UNSURE, lambda video: video.mark_unsure("?", search_at=NOW)),
    "adopt": (Status.QUEUED, lambda video: video.adopt("v1")),
    "begin": (Status.GENERATING, lambda video: video.mirror(Status.GENERATING, kind=EventKind.RENDERING)),
    "finish": (Status.READY, lambda video: video.mirror(Status.READY, kind=EventKind.READY)),
    "fail": (Status.FAILED, lambda video: video.mirror(Status.FAILED, kind=EventKind.FAILED)),
    "delete": (Status.DELETED, lambda video: video.record_deleted()),
    "resolve as missing": (Status.WAITING, lambda video: video.resolve_as_missing(by=None)),
    "resolve as": (Status.QUEUED, lambda video: video.resolve_as("v2", by=None)),
}


@pytest.mark.thorough
class EverySequenceOfMoves(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.sampled_from(sorted(MOVES)), max_size=14))
    def test_no_sequence_leaves_the_transition_table(self, moves: list[str]) -> None:
        owner, _ = User.objects.get_or_create(email="life@example.com")
        workspace = Workspace.objects.create_with_owner("Life", owner)
        video = Video.objects.create(workspace=workspace, created_by=owner)

        for name in moves:
            was, (to, move) = Status(video.status), MOVES[name]
            if to in TRANSITIONS[was]:
                assert move(video)
            else:
                with pytest.raises(InvalidTransition):
                    move(video)
                to = was
            assert Video.objects.get(pk=video.pk).status == video.status == to

        pairs = VideoEvent.objects.filter(video=video).order_by("pk").values_list("from_status", "to_status")
        assert all(Status(to) in TRANSITIONS[Status(was)] for was, to in pairs)
        assert [was for was, _ in pairs][1:] == [to for _, to in pairs][:-1], "the timeline is one unbroken line"


def test_every_status_is_in_the_table_and_pending_ones_have_a_way_out() -> None:
    assert set(TRANSITIONS) == set(Status)
    assert all(TRANSITIONS[status] for status in PENDING)
    assert not TRANSITIONS[Status.DELETED]


def test_only_waiting_videos_are_sent_and_unsure_ones_never_fail() -> None:
    assert {was for was in Status if Status.SENDING in TRANSITIONS[was]} == {Status.WAITING}
    assert TRANSITIONS[Status.WAITING] == {Status.SENDING, Status.CANCELLED}
    assert TRANSITIONS[Status.UNSURE] == {Status.QUEUED, Status.WAITING}


def test_only_one_of_two_workers_can_claim_a_video(make_video: Any) -> None:
    video = make_video()
    first, second = Video.objects.get(pk=video.pk), Video.objects.get(pk=video.pk)

    answers = first.claim(), second.claim()

    assert answers == (True, False)
    assert video.events.filter(to_status=Status.SENDING).count() == 1


def test_move_that_lost_the_race_changes_nothing(make_video: Any) -> None:
    video = make_video()
    late = Video.objects.get(pk=video.pk)
    video.cancel(by=None)

    was_claimed = late.claim()

    video.refresh_from_db()
    assert not was_claimed
    assert (video.status, video.attempt) == (Status.CANCELLED, 0)


@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_racing_processes_can_claim(key: APIKey, make_video: Any) -> None:
    video = make_video()
    rows = [Video.objects.get(pk=video.pk) for _ in range(6)]

    wins = simultaneously(*[row.claim for row in rows])

    assert sorted(wins) == [False] * 5 + [True]
    assert Video.objects.get(pk=video.pk).attempt == 1


def test_each_submission_has_its_own_name(make_video: Any) -> None:
    one, other = make_video(), make_video()

    names = {
        name_at_tavus(one.title, one.pk, 1),
        name_at_tavus(one.title, one.pk, 2),
        name_at_tavus(other.title, other.pk, 1),
    }

    assert len(names) == 3
    assert all(name.startswith("Welcome") for name in names)
