"""From waiting to queued: one POST. Its outcome is either clear or looked up, never guessed.

`Submitter` is the only code that buys. A page that wakes the engine and the sweep both use it.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from tavusweb.http import absolute_url
from tavusweb.keys import sync as key_sync
from tavusweb.keys.models import APIKey
from tavusweb.keys.sync import health_of
from tavusweb.reachability import site_is_public
from tavusweb.sealing import CannotOpen
from tavusweb.tavus import (
    InvalidRequest,
    NotBegun,
    Refused,
    RemoteVideo,
    SlotsFull,
    Tavus,
    TavusError,
    Unclear,
    Unreachable,
    VideoRequest,
)
from tavusweb.videos.models import EventKind, Video
from tavusweb.videos.models.status import Ask, Status, UnsureCause
from tavusweb.videos.spec import Background, VideoSpec
from tavusweb.videos.wait_reasons import WAITS, Wait

from . import fairness
from .adoption import adopt, follow, is_useless, known_copies
from .confirmation import is_about_another
from .db import in_thread
from .poll_answers import rest, rests_the_key
from .poll_intervals import after_failure
from .quarantine import record_safely

log = logging.getLogger(__name__)

LATEST_START = timedelta(seconds=10)  # of a POST after its claim
POST_SECONDS = 20.0  # its time limit; both together are well within the lease
PAUSE_SECONDS = 0.5  # after a submission that Tavus did not accept
FIRST_SEARCH = timedelta(seconds=2)  # after an unclear answer: Tavus may still be busy accepting it


@dataclass(frozen=True)
class Known:
    """What Tavus answered about a known copy, with the key that was asked."""

    key: APIKey
    answer: RemoteVideo | TavusError


def request_for(video: Video) -> VideoRequest:
    """Build the request for a claimed video."""
    spec = video.spec
    names = {field.name for field in fields(VideoRequest)}
    request: dict[str, Any] = {name: getattr(spec, name) for name in VideoSpec.names() if name in names}
    request |= {
        "name": video.submission_name,
        "script": "" if spec.audio else spec.script,
        "audio_url": spec.audio.public_url() if spec.audio else spec.audio_url,
        "background_url": spec.background_url if spec.background == Background.PAGE else "",
        "background_source_url": spec.background_url if spec.background == Background.VIDEO else "",
        "callback_url": _callback_url(video) if site_is_public() else "",
    }
    return VideoRequest(**request)


def _callback_url(video: Video) -> str:
    return absolute_url(reverse("tavus_callback", args=[video.callback_secret]))


async def send(video: Video, tavus: Tavus) -> RemoteVideo | Exception:
    """POST a claimed video and return the outcome, whatever it is: after a claim nothing may be left open.

    NotBegun when the process or the request was held up after the claim.
    """

    def may_begin() -> bool:
        return video.submitted_at is not None and timezone.now() - video.submitted_at <= LATEST_START

    try:
        return await tavus.create_video(request_for(video), may_begin=may_begin)
    except Exception as error:  # noqa: BLE001 - even a bug of ours leaves the outcome unknown, and is recorded as such
        return error


def record_submission(video: Video, answer: RemoteVideo | Exception) -> None:
    """Update a claimed video with the outcome of its POST. An exception other than a TavusError counts as unclear."""
    now, key = timezone.now(), video.api_key
    if key is None:
        raise ValueError(f"video {video.pk} was claimed without an API key")
    match answer:
        case RemoteVideo() if is_about_another(video, answer):
            log.warning(
                "The answer to the submission of video %s is about another video: %s", video.pk, answer.video_id
            )
            video.mark_unsure(cause=UnsureCause.ANOTHER_VIDEO, search_at=now + FIRST_SEARCH)
            # An unknown id may be ours under another name: nothing is sent until a person has checked.
            if not Video.objects.filter(tavus_id=answer.video_id).exists():
                video.ask_a_person(Ask.OTHER_ANSWER, report={"answered_id": answer.video_id})
        case RemoteVideo():
            key.record_success(asked_at=video.submitted_at or now, bought=True)
            if not adopt(video, answer, kind=EventKind.ACCEPTED):
                video.refresh_from_db()  # the answer came after the lease had expired
                follow(video, [answer], kind=EventKind.ACCEPTED)
        case SlotsFull():
            key.learn_slots(Video.objects.in_production(key, or_unsure=True).count())
            video.requeue(Wait.SLOTS, until=now, provider_message=answer.message)
        case InvalidRequest():
            video.fail_refused(answer.message)
        case Refused() | Unreachable():
            _wait_for_key(video, answer)
        case NotBegun():
            video.requeue(Wait.TURN, until=now)
        case Unclear():
            video.mark_unsure(answer.message, search_at=now + FIRST_SEARCH)
        case _:
            log.error("Submitting video %s broke", video.pk, exc_info=answer)
            video.mark_unsure(cause=UnsureCause.BROKE, search_at=now + FIRST_SEARCH)


def record_known(video: Video, known: Known) -> None:
    """Follow a claimed video's copy at Tavus instead of buying another; wait if Tavus did not say how it is."""
    if isinstance(known.answer, RemoteVideo):
        adopt(video, known.answer, kind=EventKind.ADOPTED, with_key=known.key)
    elif rests_the_key(known.answer) and known.key.pk == video.api_key_id:
        _wait_for_key(video, known.answer)
    else:
        if rests_the_key(known.answer):
            rest(known.key, known.answer)
        failures = video.poll_failures + 1
        later = timezone.now() + timedelta(seconds=after_failure(failures))
        video.requeue(Wait.TURN, until=later, provider_message=known.answer.message, poll_failures=failures)


def _wait_for_key(video: Video, error: TavusError) -> None:
    """Rest the key of a claimed video that Tavus clearly did not accept, and let the video wait for it."""
    health = health_of(error)
    if video.api_key:
        video.api_key.record_trouble(health, error.message, wait=error.retry_after)
    video.requeue(WAITS[health], until=timezone.now(), provider_message=error.message)


def recover(video: Video) -> None:
    """Mark a submission whose process died as unsure: nobody knows whether it was sent."""
    deaths = video.process_deaths + 1
    video.mark_unsure(cause=UnsureCause.PROCESS_DIED, search_at=timezone.now(), process_deaths=deaths)


class Submitter:
    """Submit what waits with one key: pick by turn, claim, POST, record.

    `under_way` holds the POSTs that have begun; it belongs to the caller, because they may outlive the submitter.
    `connect` opens an old secret of the key, to ask about what was bought with it.
    """

    def __init__(
        self,
        key: APIKey,
        tavus: Tavus,
        *,
        connect: Callable[[APIKey], Tavus],
        under_way: set[asyncio.Task[None]],
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        self.key = key
        self.tavus = tavus
        self.connect = connect
        self.under_way = under_way
        self.is_over = is_over
        self.pauses_until = 0.0

    async def start(self, limit: int) -> None:
        """Start submissions until `limit` are under way, as far as the key's slots allow."""
        if not self._may_send or time.monotonic() < self.pauses_until:
            return
        free = limit - len(self.under_way)
        for video in await in_thread(fairness.next_to_send)(self.key, timezone.now(), limit=free):
            video.api_key = self.key
            if await in_thread(self._claim)(video):
                task = asyncio.create_task(self._submit(video))
                self.under_way.add(task)
                task.add_done_callback(self.under_way.discard)

    @property
    def _may_send(self) -> bool:
        return not self.is_over() and self.key.may_send_now

    def _claim(self, video: Video) -> bool:
        """Claim in the thread that records answers, because the latest one may have stopped the key."""
        return self._may_send and video.claim()

    async def _submit(self, video: Video) -> None:
        known = await self._look_up_known(video)
        if known is None:
            await record_safely(record_submission, video, await send(video, self.tavus))
        else:
            await record_safely(record_known, video, known)
        if video.status != Status.QUEUED:
            self.pauses_until = time.monotonic() + PAUSE_SECONDS

    async def _look_up_known(self, video: Video) -> Known | None:
        """Ask about the known submissions of this video, each in its own account; None when a new one is needed.

        So a retry never buys beside a copy that turned up late.
        """
        for copy in await in_thread(known_copies)(video) if video.attempt > 1 else ():
            key = copy.api_key or self.key
            try:
                tavus = self.tavus if key == self.key else self.connect(key)
                answer: RemoteVideo | TavusError = await tavus.get_video(copy.tavus_id)
            except CannotOpen as error:
                await in_thread(key_sync.record_refresh_error)(key, error)
                answer = Unclear(str(error))
            except TavusError as error:
                answer = error
            if not await in_thread(is_useless)(copy, answer):
                return Known(key, answer)
        return None
