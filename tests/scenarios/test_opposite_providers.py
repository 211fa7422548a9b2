"""Every belief about the provider, with a provider that does the opposite.

In none of them is a video bought twice or lost; in the worst a person is asked. Where the list tells the truth, a
submission that was lost before it was accepted is proven absent and sent again within three minutes.
"""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
import time_machine
from django.utils import timezone

from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Ask, Status
from tests.opposite_tavus import BEHAVIOURS, Behaviour, OppositeTavus

SCRIPT = "The one that gets lost"
TITLE = "Welcome to Acme, from Ada and everybody in the northern office"  # longer than any of the cuts
KNOWN = 3
pytestmark = pytest.mark.thorough

SWEEPS = [2, 12, 40, 78, 90, 102, 114, 126, 138, 170, 300, 450, 615, 950]  # seconds after the answer was lost

SweepOver = Callable[[OppositeTavus], None]
each = pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=str)


@pytest.fixture
def provider(behaviour: Behaviour, make_video: Callable[..., Video], sweep_over: SweepOver) -> OppositeTavus:
    """With a few videos of this key that were bought an hour ago and are followed here."""
    tavus = OppositeTavus(behaviour=behaviour)
    answers_well = OppositeTavus()
    answers_well.videos, answers_well.bought = tavus.videos, tavus.bought
    with time_machine.travel(timezone.now() - timedelta(hours=1), tick=True):
        tavus.stranger()
        for number in range(KNOWN):
            make_video(title=f"Known {number}", script=f"known {number}")
        sweep_over(answers_well)
        for video_id, video in list(tavus.videos.items())[1:]:
            answers_well.finish(video_id)
            tavus.set(video_id, video_name=behaviour.named(video["video_name"]))
        Video.objects.update(next_poll_at=timezone.now())
        sweep_over(answers_well)
        sweep_over(answers_well)  # their marks are taken off
        for video in list(tavus.videos.values())[1:]:
            video["video_name"] = behaviour.named(video["video_name"])
    assert Video.objects.filter(status=Status.READY).count() == KNOWN
    return tavus


def follow(tavus: OppositeTavus, video: Video, sweep_over: SweepOver) -> float | None:
    """Sweep for twenty minutes; return the seconds until the video first left `unsure`."""
    began_at, settled_after = timezone.now(), None
    for seconds in SWEEPS:
        with time_machine.travel(began_at + timedelta(seconds=seconds), tick=True):
            sweep_over(tavus)
            sweep_over(tavus)
        if settled_after is None and Video.objects.get(pk=video.pk).status == Status.QUEUED:
            settled_after = seconds
    return settled_after


def is_asked(video: Video) -> bool:
    return video.status == Status.UNSURE and bool(video.asks) and video.events.filter(kind="asked_person").exists()


@pytest.mark.one_database
@each
def test_accepted_submission_is_found_or_a_person_is_asked(
    behaviour: Behaviour, provider: OppositeTavus, make_video: Callable[..., Video], sweep_over: SweepOver
) -> None:
    video = make_video(title=TITLE, script=SCRIPT)
    provider.next_answers.append(provider.accepted_but_unanswered)
    sweep_over(provider)

    follow(provider, video, sweep_over)

    video.refresh_from_db()
    [bought] = provider.ours(SCRIPT)
    assert provider.bought[SCRIPT] == 1
    assert (video.status, video.tavus_id) == (Status.QUEUED, bought["video_id"]) or is_asked(video)
    assert not (behaviour.tells_the_truth and is_asked(video)), "a list that tells the truth shows it"


@pytest.mark.one_database
@each
def test_lost_submission_is_sent_again_once_or_a_person_is_asked(
    behaviour: Behaviour, provider: OppositeTavus, make_video: Callable[..., Video], sweep_over: SweepOver
) -> None:
    video = make_video(title=TITLE, script=SCRIPT)
    provider.next_answers.append(httpx.ReadTimeout("lost"))
    sweep_over(provider)

    settled_after = follow(provider, video, sweep_over)

    video.refresh_from_db()
    assert provider.bought[SCRIPT] <= 1
    if behaviour.tells_the_truth:
        assert settled_after is not None
        assert settled_after < 180
        assert (video.status, video.attempt, provider.bought[SCRIPT]) == (Status.QUEUED, 2, 1)
        assert video.events.get(to_status=Status.WAITING, from_status=Status.UNSURE).data["is_confirmed"]
    else:
        assert is_asked(video) or (video.status == Status.QUEUED and provider.bought[SCRIPT] == 1)


@pytest.mark.one_database
@each
def test_clear_answer_buys_once_with_every_provider(
    behaviour: Behaviour, provider: OppositeTavus, make_video: Callable[..., Video], sweep_over: SweepOver
) -> None:
    video = make_video(title=TITLE, script=SCRIPT)

    sweep_over(provider)
    follow(provider, video, sweep_over)

    video.refresh_from_db()
    [bought] = provider.ours(SCRIPT)
    assert provider.bought[SCRIPT] == 1
    assert (video.status, video.tavus_id) == (Status.QUEUED, bought["video_id"]) or is_asked(video)


HIDING = [Behaviour("as documented")]


@pytest.mark.parametrize("behaviour", HIDING, ids=str)
def test_list_that_always_hides_one_video_costs_at_most_one_extra_purchase(
    behaviour: Behaviour, provider: OppositeTavus, make_video: Callable[..., Video], sweep_over: SweepOver
) -> None:
    """The remaining risk: no reading can tell this list from one in which the video is absent."""
    video = make_video(title=TITLE, script=SCRIPT)
    hides_every_answer = [provider.accepted_but_unanswered] * 9

    def accept_and_hide(request: httpx.Request) -> httpx.Response:
        try:
            return hides_every_answer.pop()(request)
        finally:
            provider.hidden |= {each["video_id"] for each in provider.ours(SCRIPT)}

    original = provider._route
    provider._route = lambda request: accept_and_hide(request) if request.method == "POST" else original(request)  # type: ignore[method-assign]
    sweep_over(provider)

    follow(provider, video, sweep_over)

    video.refresh_from_db()
    assert provider.bought[SCRIPT] == 2
    assert (video.status, video.asks) == (Status.UNSURE, Ask.ABSENT_AGAIN)


@pytest.mark.parametrize("behaviour", HIDING, ids=str)
def test_lost_submission_found_late_is_an_extra_copy(
    behaviour: Behaviour, provider: OppositeTavus, make_video: Callable[..., Video], sweep_over: SweepOver
) -> None:
    video = make_video(title=TITLE, script=SCRIPT)
    provider.next_answers.append(provider.accepted_but_unanswered)
    sweep_over(provider)
    [first] = provider.ours(SCRIPT)
    provider.hidden.add(first["video_id"])
    began_at = timezone.now()
    with time_machine.travel(began_at + timedelta(seconds=90), tick=True):
        sweep_over(provider)
    with time_machine.travel(began_at + timedelta(seconds=110), tick=True):
        sweep_over(provider)
        sweep_over(provider)
    provider.hidden.clear()

    with time_machine.travel(began_at + timedelta(seconds=200), tick=True):
        sweep_over(provider)

    video.refresh_from_db()
    [copy] = video.extra_copies
    assert (video.status, video.attempt) == (Status.QUEUED, 2)
    assert (copy.tavus_id, copy.attempt, copy.seconds) == (first["video_id"], 1, 2.0)
    assert video.has_extra_copies
