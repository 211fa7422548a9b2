"""A replica's page: what it is, what it was used for, and the way to a new video with it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.keys.models import APIKey, Replica
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace


@pytest.fixture
def anna(key: APIKey) -> Replica:
    return Replica.objects.create(
        api_key=key, replica_id="r-anna", name="Anna", kind="system", model_name="phoenix-3", seen_at=timezone.now()
    )


def page(client: Client, replica: Replica, slug: str = "acme") -> Any:
    return client.get(reverse("replica", args=[slug, replica.pk]))


def test_card_leads_to_the_page_and_the_page_to_a_new_video_with_the_replica(as_maria: Client, anna: Replica) -> None:
    path = reverse("replica", args=["acme", anna.pk])
    assert f'href="{path}"' in as_maria.get(reverse("replicas", args=["acme"])).text
    new = f"{reverse('video_new', args=['acme'])}?replica={anna.pk}"
    assert f'href="{new}"' in page(as_maria, anna).text

    studio = as_maria.get(new).text

    assert 'value="r-anna"' in studio


def test_its_newest_videos_are_shown_without_drafts_of_others_and_trash(
    as_maria: Client, anna: Replica, make_video: Any
) -> None:
    for number in range(8):
        make_video(Status.READY, title=f"Number {number}", replica_id="r-anna")
    make_video(Status.READY, title="With Ben", replica_id="r-ben")
    make_video(Status.READY, title="Thrown away", replica_id="r-anna", trashed_at=timezone.now())

    shown = page(as_maria, anna).text

    assert [f"Number {number}<" in shown for number in range(8)] == [False, False, *[True] * 6]
    assert "With Ben" not in shown
    assert "Thrown away" not in shown
    assert "Show all 8" in shown


@pytest.mark.parametrize(
    ("fields", "words", "can_be_used"),
    [
        ({"error_message": "The footage is too dark."}, "The footage is too dark.", False),
        ({"is_usable": False, "training_progress": 40}, "In training", True),
    ],
)
def test_trouble_is_told_and_a_failed_replica_is_not_offered(
    fields: dict[str, Any], words: str, can_be_used: bool, as_maria: Client, anna: Replica
) -> None:
    Replica.objects.update(**fields)

    shown = page(as_maria, anna).text

    assert words in shown
    assert ("Make a video with Anna" in shown) is can_be_used


def test_replica_of_another_workspace_or_a_deleted_key_is_404(
    as_maria: Client, anna: Replica, maria: Any, key: APIKey
) -> None:
    Workspace.objects.create_with_owner("Other", maria)
    assert page(as_maria, anna, "other").status_code == 404
    assert f"?replica={anna.pk}" in page(as_maria, anna).text
    other = as_maria.get(f"{reverse('video_new', args=['other'])}?replica={anna.pk}")
    assert "r-anna" not in other.text


@pytest.mark.parametrize("asked", ["", "x", "9" * 40, "0", "-1", "١"])
def test_unknown_replica_opens_a_blank_form(asked: str, as_maria: Client, anna: Replica) -> None:
    assert as_maria.get(reverse("video_new", args=["acme"]), {"replica": asked}).status_code == 200


def test_list_is_filtered_by_state_and_model(as_maria: Client, anna: Replica, key: APIKey) -> None:
    more = {"api_key": key, "kind": "user", "seen_at": timezone.now()}
    Replica.objects.create(replica_id="r-ben", name="Ben", is_usable=False, model_name="phoenix-4", **more)
    Replica.objects.create(replica_id="r-cleo", name="Cleo", status="error", **more)

    def shown(**query: str) -> str:
        text = as_maria.get(reverse("replicas", args=["acme"]), query).text
        return " ".join(name for name in ("Anna", "Ben", "Cleo") if f"<strong>{name}</strong>" in text)

    assert shown() == "Anna Ben Cleo"
    assert [shown(state=state) for state in ("ready", "training", "failed", "x")] == [
        "Anna",
        "Ben",
        "Cleo",
        "Anna Ben Cleo",
    ]
    assert [shown(model=model) for model in ("phoenix-4", "phoenix-9")] == ["Ben", "Anna Ben Cleo"]
