"""Which videos a reading of the list is checked against, and what becomes of the proof when one of them is not as we left it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Ask, IDSource, Status
from tavusweb.videos.naming import Mark, is_name_of_others, mark_beginning, name_at_tavus
from tests.fake_tavus import FakeTavus

Sweep = Callable[[], None]
LONG_AGO = timedelta(hours=1)


@pytest.fixture
def lose(make_video: Any) -> Callable[[], Video]:
    """Make a video whose submission was lost before it was accepted, long enough ago for a proof."""

    def make() -> Video:
        now = timezone.now()
        lost: Video = make_video(Status.UNSURE, attempt=1, submitted_at=now - timedelta(minutes=2), next_poll_at=now)
        return lost

    return make


@pytest.fixture
def make_witness(make_video: Any, tavus: FakeTavus, sweep: Sweep) -> Callable[[], Video]:
    """A finished video whose end the engine has followed, with its mark as it has one while another is in doubt."""

    def make() -> Video:
        video: Video = make_video(Status.GENERATING, attempt=1, submitted_at=timezone.now() - LONG_AGO)
        remote = tavus.accept({"video_name": name_at_tavus(video.title, video.pk, 1)})
        tavus.finish(remote["video_id"])
        due = {"tavus_id": remote["video_id"], "next_poll_at": timezone.now()}
        Video.objects.filter(pk=video.pk).update(**due)
        sweep()
        video.refresh_from_db()
        assert video.status == Status.READY
        Video.objects.filter(pk=video.pk).update(is_unmarked=False, wants_rename=False, next_poll_at=None)
        return video

    return make


def is_proven(video: Video) -> bool:
    video.refresh_from_db()
    return video.missing_since is not None


def test_witness_renamed_at_tavus_does_not_prevent_a_proof(
    make_witness: Callable[[], Video], tavus: FakeTavus, lose: Callable[[], Video], sweep: Sweep
) -> None:
    renamed, _ = make_witness(), make_witness()
    tavus.set(renamed.tavus_id, video_name="Our best one")
    unsure = lose()

    sweep()

    assert is_proven(unsure)


@pytest.mark.parametrize("source", IDSource)
def test_id_that_no_reading_has_confirmed_need_not_be_listed(
    source: IDSource,
    make_witness: Callable[[], Video],
    make_video: Any,
    lose: Callable[[], Video],
    sweep: Sweep,
) -> None:
    make_witness()
    make_video(Status.QUEUED, tavus_id="no-such-id", unconfirmed_id=source)
    unsure = lose()

    sweep()

    assert is_proven(unsure)


def test_id_that_no_reading_has_confirmed_is_no_witness(
    make_video: Any, lose: Callable[[], Video], sweep: Sweep
) -> None:
    make_video(Status.QUEUED, tavus_id="no-such-id", unconfirmed_id=IDSource.ANSWER)
    unsure = lose()

    sweep()

    assert not is_proven(unsure)
    assert unsure.asks == Ask.NO_WITNESS


@pytest.mark.parametrize("name", ["", "replica_id: r1 - November 26, 2026", "Welcome · TW {id} 1", "Welcome {id}"])
def test_possibly_changed_name_proves_nothing(
    name: str, make_witness: Callable[[], Video], tavus: FakeTavus, lose: Callable[[], Video], sweep: Sweep
) -> None:
    changed, _ = make_witness(), make_witness()
    tavus.set(changed.tavus_id, video_name=name.format(id=changed.mark_id))
    unsure = lose()

    sweep()

    assert not is_proven(unsure)
    assert unsure.search_report["finding"] == "names_changed"


def test_witness_without_a_known_mark_proves_nothing_when_renamed(
    make_witness: Callable[[], Video], tavus: FakeTavus, lose: Callable[[], Video], sweep: Sweep
) -> None:
    changed, _ = make_witness(), make_witness()
    tavus.set(changed.tavus_id, video_name="Our best one")
    Video.objects.filter(pk=changed.pk).update(is_mark_seen=False)
    unsure = lose()

    sweep()

    assert not is_proven(unsure)


def test_renamed_witnesses_alone_are_no_witness(
    make_witness: Callable[[], Video], tavus: FakeTavus, lose: Callable[[], Video], sweep: Sweep
) -> None:
    tavus.set(make_witness().tavus_id, video_name="Our best one")
    unsure = lose()

    sweep()

    unsure.refresh_from_db()
    assert unsure.asks == Ask.NO_WITNESS


@pytest.fixture
def replaced(make_witness: Callable[[], Video], lose: Callable[[], Video], key: APIKey) -> Video:
    """Submitted and lost after the key was replaced; both witnesses are older than that."""
    make_witness()
    make_witness()
    APIKey.objects.filter(pk=key.pk).update(replaced_at=timezone.now() - timedelta(minutes=10))
    return lose()


def test_key_replaced_within_the_account_keeps_its_witnesses(replaced: Video, sweep: Sweep) -> None:
    sweep()

    assert is_proven(replaced)


def test_key_replaced_by_another_account_has_no_witness(replaced: Video, tavus: FakeTavus, sweep: Sweep) -> None:
    tavus.videos.clear()

    sweep()

    replaced.refresh_from_db()
    assert replaced.asks == Ask.NO_WITNESS


def test_list_of_the_same_account_must_contain_older_videos(replaced: Video, tavus: FakeTavus, sweep: Sweep) -> None:
    tavus.hidden.add(next(iter(tavus.videos)))

    sweep()

    assert not is_proven(replaced)
    assert replaced.search_report["finding"] == "witness_missing"


@pytest.mark.parametrize("state", [{"wants_delete": "soft"}, {"status": Status.DELETED}])
def test_deleted_video_is_no_witness(
    state: dict[str, Any],
    make_witness: Callable[[], Video],
    tavus: FakeTavus,
    lose: Callable[[], Video],
    sweep: Sweep,
) -> None:
    leaving, _ = make_witness(), make_witness()
    later = timezone.now() + timedelta(hours=1)
    Video.objects.filter(pk=leaving.pk).update(next_poll_at=later, **state)
    tavus.hidden.add(leaving.tavus_id)
    unsure = lose()

    sweep()

    assert is_proven(unsure)


def test_copied_name_with_another_replica_is_not_ours(
    make_witness: Callable[[], Video], tavus: FakeTavus, lose: Callable[[], Video], sweep: Sweep
) -> None:
    make_witness()
    unsure = lose()
    tavus.set(
        tavus.accept({"video_name": f"Welcome · {Mark.of(unsure.pk, unsure.attempt)}"})["video_id"],
        replica_id="another",
    )

    sweep()

    assert not is_proven(unsure)
    assert (unsure.status, unsure.search_report["finding"]) == (Status.UNSURE, "lookalike")


def test_owner_of_a_name(make_video: Any) -> None:
    video = make_video()
    beginning = mark_beginning(video.pk)
    ours = name_at_tavus("Welcome", video.pk, 3)

    assert is_name_of_others("Our best one", beginning)
    assert not any(
        is_name_of_others(name, beginning) for name in ("", " – ", ours, ours.upper(), ours.replace("-", "—"))
    )
