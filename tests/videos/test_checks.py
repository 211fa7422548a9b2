"""What stands beside Generate: the same video, an unused key, a replica that is not there, the length."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.audit.actor import Actor
from tavusweb.keys.models import APIKey
from tavusweb.videos import actions, checks
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.videos.spec import VideoSpec
from tavusweb.workspaces.models import Workspace
from tests.videos.test_forms import GOOD


@pytest.fixture
def spec(key: APIKey) -> VideoSpec:
    return VideoSpec(title="Welcome", api_key=key, replica_id="r1", script="Hello there")


@pytest.fixture
def generated(workspace: Workspace, maria: Any, spec: VideoSpec) -> Video:
    changes = {name: getattr(spec, name) for name in VideoSpec.names()}
    return actions.generate(Actor(user=maria), workspace, uuid.uuid4(), changes)


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({}, True),
        ({"title": "Another title"}, True),
        ({"background_url": "https://example.com"}, True),  # not sent without a background
        ({"script": "Hello there."}, False),
        ({"replica_id": "r2"}, False),
        ({"fast": True}, False),
        ({"start_with_wave": False}, False),
    ],
)
def test_same_request_is_recognised(changes: dict[str, Any], is_same: bool) -> None:
    one = VideoSpec(title="Welcome", replica_id="r1", script="Hello there")
    values = {name: getattr(one, name) for name in VideoSpec.names()}

    assert (VideoSpec(**values | changes).digest() == one.digest()) is is_same


@pytest.mark.parametrize(
    ("status", "is_offered"),
    [(Status.WAITING, True), (Status.READY, True), (Status.FAILED, False), (Status.DELETED, False)],
)
def test_same_video_is_offered_while_it_can_be_watched(
    status: Status, is_offered: bool, generated: Video, workspace: Workspace, spec: VideoSpec
) -> None:
    Video.objects.update(status=status)

    assert checks.look_over(workspace, spec).same == (generated if is_offered else None)
    assert checks.look_over(workspace, spec, pk=generated.pk).same is None


def test_practice_video_is_no_stand_in_for_a_real_one(generated: Video, workspace: Workspace, spec: VideoSpec) -> None:
    APIKey.objects.update(is_sandbox=not spec.api_key.is_sandbox)  # type: ignore[union-attr]

    assert checks.look_over(workspace, spec).same is None


def test_first_purchase_is_announced_for_a_live_key_that_bought_nothing(
    workspace: Workspace, spec: VideoSpec, key: APIKey, make_video: Any
) -> None:
    APIKey.objects.update(is_sandbox=False)
    key.refresh_from_db()
    assert checks.look_over(workspace, spec).is_first_purchase
    assert checks.unused_keys(workspace) == [str(key.pk)]

    make_video(Status.READY, attempt=1)

    assert not checks.look_over(workspace, spec).is_first_purchase
    assert checks.unused_keys(workspace) == []


def test_replica_that_a_fresh_whole_list_lacks_is_refused_beside_its_field(
    as_maria: Client, workspace: Workspace, key: APIKey
) -> None:
    APIKey.objects.update(replicas_whole_at=timezone.now())
    new = reverse("video_new", args=[workspace.slug])

    refused = as_maria.post(new, GOOD)
    key.replicas.create(replica_id="r1", name="Ada", seen_at=timezone.now() + timedelta(seconds=1))
    accepted = as_maria.post(new, GOOD)

    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["replica_id"]
    assert accepted.status_code == 302


def test_notes_never_stop_generate(as_maria: Client, workspace: Workspace, key: APIKey) -> None:
    script = "Order 4711234 at https://example.com/x for {{name}}."

    answer = as_maria.post(reverse("video_new", args=[workspace.slug]), GOOD | {"script": script})

    assert answer.status_code == 302


def test_notes_are_live_and_sent_again_only_when_they_change(
    as_maria: Client, workspace: Workspace, key: APIKey, django_assert_max_num_queries: Any
) -> None:
    url = reverse("video_checks", args=[workspace.slug, uuid.uuid4()])
    given = GOOD | {"script": "Order 4711234.", "speak_from": "script"}

    with django_assert_max_num_queries(16):
        first = as_maria.post(url, given)
    again = as_maria.post(url, given, headers={"X-Seen": first["X-Seen"]})
    changed = as_maria.post(url, given | {"script": "Order it."}, headers={"X-Seen": first["X-Seen"]})

    assert "4 7 1 1 2 3 4" in first.content.decode()
    assert [again.status_code, changed.status_code] == [204, 200]
    assert not Video.objects.exists()


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"speak_from": "script", "audio_url": "https://example.com/a.mp3"}, ("Hello there", "")),
        ({"speak_from": "recording", "audio_url": "https://example.com/a.mp3"}, ("", "https://example.com/a.mp3")),
        ({"speak_from": "script", "audio_url": "nonsense"}, ("Hello there", "")),
        (
            {"speak_from": "script", "script": "", "audio_url": "https://example.com/a.mp3"},
            ("", "https://example.com/a.mp3"),
        ),
    ],
)
def test_video_speaks_from_what_is_chosen(
    fields: dict[str, str], kept: tuple[str, str], as_maria: Client, workspace: Workspace, key: APIKey
) -> None:
    as_maria.post(reverse("video_new", args=[workspace.slug]), GOOD | fields)

    video = Video.objects.get()
    assert (video.script, video.audio_url) == kept


def test_choosing_a_recording_and_giving_none_is_refused(as_maria: Client, workspace: Workspace, key: APIKey) -> None:
    answer = as_maria.post(reverse("video_new", args=[workspace.slug]), GOOD | {"speak_from": "recording"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["audio_file"]
    assert not Video.objects.exists()
