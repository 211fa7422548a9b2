"""What a person is told and asked about a submission that nothing can be proven of."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.engine import submit
from tavusweb.notify.delivery import deliver
from tavusweb.videos.models import EventKind, Video
from tavusweb.videos.models.status import Ask, Status
from tavusweb.videos.naming import name_at_tavus
from tavusweb.workspaces.models import Workspace
from tests.fake_tavus import FakeTavus

Sweep = Callable[[], None]


@pytest.fixture
def asking(make_video: Any, sweep: Sweep, tavus: FakeTavus) -> Video:
    """Lost without a witness, so a person was asked by a sweep a while later."""
    video: Video = make_video()
    tavus.next_answers.append(httpx.ReadTimeout("late"))
    sweep()
    with time_machine.travel(timezone.now() + timedelta(seconds=80), tick=True):
        sweep()
    video.refresh_from_db()
    assert video.asks == Ask.NO_WITNESS
    return video


def test_page_and_row_ask_and_the_library_has_a_notice(as_maria: Client, workspace: Workspace, asking: Video) -> None:
    page = as_maria.get(asking.get_absolute_url()).text
    library = as_maria.get(reverse("videos", args=[workspace.slug])).text
    narrowed = as_maria.get(reverse("videos", args=[workspace.slug]) + "?status=undecided").text

    first_status = re.search(r"<[^>]+data-status=[^>]+>", page)
    assert first_status
    assert 'data-status="unsure"' in first_status[0]
    assert 'data-asks="resolve"' in first_status[0]
    assert "Tavus listed 0 videos" in page
    assert "Resolve" in page
    assert 'data-asks="resolve"' in library
    assert 'data-notice="undecided"' in library
    assert f'data-video="{asking.pk}"' in narrowed


def test_timeline_shows_what_was_checked_and_why_nothing_was_sent(asking: Video) -> None:
    event = asking.events.last()

    assert event is not None
    assert event.kind == EventKind.ASKED_PERSON
    assert event.data | {"ask": Ask.NO_WITNESS, "listed": 0, "total": 0, "witnesses": 0, "missing": 0} == event.data


def test_person_is_asked_once_and_the_search_continues(asking: Video, sweep: Sweep, tavus: FakeTavus) -> None:
    for minutes in (7, 14):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True):
            sweep()
    assert asking.events.filter(kind=EventKind.ASKED_PERSON).count() == 1
    late = tavus.accept({"video_name": asking.submission_name})

    with time_machine.travel(timezone.now() + timedelta(minutes=21), tick=True):
        sweep()

    asking.refresh_from_db()
    assert (asking.status, asking.tavus_id, asking.asks) == (Status.QUEUED, late["video_id"], "")


def test_creator_is_emailed(make_video: Any, sweep: Sweep, tavus: FakeTavus) -> None:
    video = make_video(title="Launch")
    tavus.next_answers.append(httpx.ReadTimeout("late"))
    sweep()

    with time_machine.travel(timezone.now() + timedelta(seconds=80), tick=True):
        sweep()
        assert not mail.outbox, "the engine itself waits for no mail server"
        deliver()

    [message] = mail.outbox
    video.refresh_from_db()
    assert message.to == ["maria@example.com"]
    assert message.subject == "Decision needed: Launch"
    assert video.submission_name in message.body
    assert str(video.pk) in message.body


def test_settled_question_sends_no_email(asking: Video, maria: User) -> None:
    asking.resolve_as_missing(by=maria)

    deliver()

    assert not mail.outbox


def test_earlier_submission_is_adopted_like_the_last(sweep: Sweep, tavus: FakeTavus, make_video: Any) -> None:
    now = timezone.now()
    video = make_video(Status.UNSURE, attempt=3, submitted_at=now, next_poll_at=now)
    first = tavus.accept({"video_name": name_at_tavus("Welcome", video.pk, 1)})

    sweep()

    video.refresh_from_db()
    assert (video.status, video.tavus_id) == (Status.QUEUED, first["video_id"])


def test_later_of_two_submissions_is_followed_and_the_other_deletable(
    as_maria: Client, sweep: Sweep, tavus: FakeTavus, make_video: Any
) -> None:
    now = timezone.now()
    video = make_video(Status.UNSURE, attempt=2, submitted_at=now, next_poll_at=now, script="one two three four five")
    earlier, later = (tavus.accept({"video_name": name_at_tavus("Welcome", video.pk, n)}) for n in (1, 2))
    sweep()
    video.refresh_from_db()
    assert video.tavus_id == later["video_id"]
    page = as_maria.get(video.get_absolute_url()).text
    assert "Tavus made this video more than once" in page
    assert re.search(rf"{earlier['video_id']}</span>: about 2 s of video charged twice", page)
    [copy] = video.extra_copies

    as_maria.post(reverse("video_copy_delete", args=["acme", video.pk, copy.pk]))
    tavus.next_answers.append(httpx.ReadTimeout("late"))  # whatever is asked first fails
    sweep()
    with time_machine.travel(timezone.now() + timedelta(seconds=30), tick=True):
        sweep()

    copy.refresh_from_db()
    assert copy.deleted_at is not None
    assert tavus.videos[earlier["video_id"]]["status"] == "deleted"
    assert tavus.videos[later["video_id"]]["status"] != "deleted"
    assert "Deleted at Tavus." in as_maria.get(video.get_absolute_url()).text


def test_copy_left_by_a_retry_is_neither_adopted_nor_extra(
    sweep: Sweep, tavus: FakeTavus, make_video: Any, maria: Any
) -> None:
    video = make_video()
    sweep()
    video.refresh_from_db()
    failed = video.tavus_id
    tavus.set(failed, status="error", status_details="An error occurred while generating")
    Video.objects.all().make_due()
    sweep()
    video.refresh_from_db()
    video.retry(by=maria)
    tavus.next_answers.append(httpx.ReadTimeout("late"))
    sweep()

    with time_machine.travel(timezone.now() + timedelta(seconds=20), tick=True):
        sweep()

    video.refresh_from_db()
    assert (video.status, video.attempt, video.tavus_id) == (Status.UNSURE, 2, "")
    assert not video.extra_copies.exists()


def test_row_with_two_process_deaths_is_not_sent_again(
    sweep: Sweep, tavus: FakeTavus, make_video: Any, witness: Video
) -> None:
    now = timezone.now()
    video = make_video()
    for death in (1, 2):
        assert video.claim()
        submit.recover(video)
        assert video.process_deaths == death
        assert death == 2 or video.send_again({})
    minutes_ago = {"submitted_at": now - timedelta(minutes=2), "missing_since": now - timedelta(seconds=20)}
    Video.objects.filter(pk=video.pk).update(next_poll_at=now, resent_at=None, **minutes_ago)

    sweep()

    video.refresh_from_db()
    assert (video.status, video.asks) == (Status.UNSURE, Ask.DIED_TWICE)
    assert not tavus.sent("POST")


def test_only_editors_can_delete_an_extra_copy(
    client: Client, workspace: Workspace, make_video: Any, maria: Any
) -> None:
    video = make_video(Status.READY)
    video.record_extra("v-extra", 1)
    url = reverse("video_copy_delete", args=[workspace.slug, video.pk, video.extra_copies.get().pk])

    answer = client.post(url)

    assert answer.status_code == 302
    assert video.extra_copies.get().delete_at is None
