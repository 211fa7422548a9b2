"""What creators are told of their videos' moves, and when it no longer holds."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.notify.models import Notice
from tavusweb.videos.models import EventKind, Video
from tavusweb.videos.models.status import Ask, Status

MakeVideo = Callable[..., Video]


def told() -> list[str]:
    return sorted(Notice.objects.active().open().values_list("kind", flat=True))


def test_creator_hears_that_a_video_is_ready_until_it_is_deleted(make_video: MakeVideo, maria: User) -> None:
    video = make_video(Status.GENERATING, title="Launch")

    video.mirror(Status.READY, kind=EventKind.READY)
    ready = told()
    video.record_deleted()

    assert (ready, told()) == (["video_ready"], [])
    notice = Notice.objects.get()
    assert (notice.recipient, notice.data, notice.url) == (maria, {"title": "Launch"}, video.get_absolute_url())


def test_a_retry_settles_the_failure_and_a_second_failure_is_told_again(make_video: MakeVideo, maria: User) -> None:
    video = make_video()
    video.claim()
    video.fail_refused("No such replica")
    failed = told()
    video.retry(by=maria)
    retried = told()
    video.claim()
    video.fail_refused("No such replica")

    assert (failed, retried, told()) == (["video_failed"], [], ["video_failed"])


def test_creator_of_an_unsure_video_is_asked_until_it_is_settled(make_video: MakeVideo, maria: User) -> None:
    video = make_video()
    video.claim()
    video.mark_unsure("late", search_at=timezone.now() + timedelta(minutes=5))
    before = told()
    video.ask_a_person(Ask.NO_WITNESS)
    asked = told()
    video.resolve_as_missing(by=maria)

    assert (before, asked, told()) == ([], ["video_unsure"], [])


def test_a_late_answer_about_an_earlier_attempt_tells_nobody(make_video: MakeVideo) -> None:
    video = make_video(Status.GENERATING)
    stale = Video.objects.get(pk=video.pk)
    Video.objects.filter(pk=video.pk).update(attempt=2)

    assert not stale.mirror(Status.READY, kind=EventKind.READY)

    assert told() == []


def test_a_video_without_a_creator_tells_nobody(make_video: MakeVideo) -> None:
    video = make_video(Status.GENERATING)
    Video.objects.filter(pk=video.pk).update(created_by=None)

    Video.objects.get(pk=video.pk).mirror(Status.READY, kind=EventKind.READY)

    assert told() == []
