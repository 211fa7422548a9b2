"""One draft in several windows: both versions are kept, and a person decides."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tavusweb.keys.models import APIKey
from tavusweb.videos import drafts
from tavusweb.videos.models import DraftVersion, Video
from tavusweb.videos.models.status import Status
from tavusweb.videos.spec import VideoSpec
from tavusweb.videos.version_diff import differences
from tavusweb.workspaces.models import Workspace
from tests.videos.test_forms import GOOD

PK = uuid.UUID("11111111-2222-4333-8444-555555555555")


@pytest.fixture
def autosave(as_maria: Client, workspace: Workspace, key: APIKey) -> Callable[..., Any]:
    def autosave(window: str, version: int, **fields: str) -> Any:
        known = {"window": window, "version": str(version)}
        return as_maria.post(reverse("video_draft", args=[workspace.slug, PK]), GOOD | known | fields)

    return autosave


@pytest.fixture
def send(as_maria: Client, workspace: Workspace, key: APIKey) -> Callable[..., Any]:
    def send(window: str, version: int, **fields: str) -> Any:
        known = {"window": window, "version": str(version), "video_id": str(PK)}
        return as_maria.post(reverse("video_edit", args=[workspace.slug, PK]), GOOD | known | fields)

    return send


@pytest.fixture
def two(autosave: Any) -> DraftVersion:
    """A draft that the second window changed, and what the first one made of the state before."""
    assert autosave("one", 0, title="Start", script="Hello.")["X-Draft-Version"] == "1"
    assert autosave("two", 1, title="Start", script="Hello.\nA new paragraph.")["X-Draft-Version"] == "2"
    assert autosave("one", 1, title="Other title", script="Hello.").status_code == 409
    return DraftVersion.objects.get()


def decide(client: Client, version: DraftVersion, keep: str, seen: int = 2) -> Any:
    url = reverse("draft_version", args=[version.video.workspace.slug, version.video_id, version.pk])
    return client.post(url, {"keep": keep, "version": str(seen)})


def test_save_from_an_older_window_changes_nothing_and_keeps_both_versions(two: DraftVersion, as_maria: Client) -> None:
    video = Video.objects.get()

    assert (video.title, video.script, video.version) == ("Start", "Hello.\nA new paragraph.", 2)
    assert (two.spec.title, two.spec.script) == ("Other title", "Hello.")
    edit = as_maria.get(reverse("video_edit", args=["acme", PK])).content.decode()
    assert reverse("draft_version", args=["acme", PK, two.pk]) in edit


def test_difference_between_versions_is_shown(two: DraftVersion, as_maria: Client) -> None:
    page = as_maria.get(reverse("draft_version", args=["acme", PK, two.pk])).content.decode()

    assert "Other <ins>" not in page
    assert "<ins>Other</ins> <ins>title</ins>" in page or "<ins>Other title</ins>" in page
    assert "A new paragraph." in page


@pytest.mark.parametrize(
    ("keep", "drafts"),
    [
        ("mine", {("Other title", "Hello.")}),
        ("theirs", {("Start", "Hello.\nA new paragraph.")}),
        ("both", {("Other title", "Hello."), ("Start", "Hello.\nA new paragraph.")}),
    ],
)
def test_one_click_keeps_either_version_or_both(
    keep: str, drafts: set[tuple[str, str]], two: DraftVersion, as_maria: Client
) -> None:
    answer = decide(as_maria, two, keep)

    assert answer.status_code == 302
    assert set(Video.objects.values_list("title", "script")) == drafts
    assert not DraftVersion.objects.exists()
    assert as_maria.get(answer["Location"]).status_code == 200


def test_draft_that_changes_during_comparison_is_compared_again(
    two: DraftVersion, as_maria: Client, autosave: Any
) -> None:
    autosave("two", 2, title="Start", script="Hello.\nA third state.")

    answer = decide(as_maria, two, "mine")

    assert answer["Location"] == reverse("draft_version", args=["acme", PK, two.pk])
    assert Video.objects.get().script == "Hello.\nA third state."
    assert DraftVersion.objects.exists()


def test_window_that_missed_the_response_can_save_again(autosave: Any) -> None:
    autosave("one", 0, title="First")

    assert autosave("one", 0, title="Second").status_code == 204

    assert (Video.objects.get().title, DraftVersion.objects.exists()) == ("Second", False)


def test_window_without_changes_causes_no_conflict(autosave: Any) -> None:
    autosave("one", 0, title="Same")

    assert autosave("two", 0, title="Same").status_code == 204


@pytest.mark.parametrize("intent", ["draft", "generate"])
def test_without_scripts_the_older_window_is_shown_both_versions(intent: str, two: DraftVersion, send: Any) -> None:
    answer = send("one", 1, title="Third title", script="Hello.", intent=intent)

    assert answer.status_code == 409
    assert "Keep both as drafts" in answer.content.decode()
    assert Video.objects.get().status == Status.DRAFT
    assert DraftVersion.objects.get().spec.title == "Third title"


def test_text_of_a_second_window_stays_out_of_the_video_and_is_kept(autosave: Any, send: Any, as_maria: Client) -> None:
    autosave("one", 0, title="Start")
    send("one", 1, title="Sent", script="Bought.")

    for _ in range(2):  # pressing again keeps it once
        answer = send("two", 1, title="Mine", script="My own words.")

    assert answer.status_code == 409
    assert "My own words." in answer.content.decode()
    sent, draft = Video.objects.order_by("created_at")
    assert (sent.status, sent.script) == (Status.WAITING, "Bought.")
    assert (draft.status, draft.script) == (Status.DRAFT, "My own words.")
    assert reverse("video_edit", args=["acme", draft.pk]) in answer.content.decode()
    assert sent.events.count() == 1


def test_later_text_in_a_second_window_is_kept(autosave: Any, send: Any) -> None:
    autosave("one", 0, title="Start")
    send("one", 1, title="Sent")

    answer = autosave("two", 1, title="Typed on")

    draft = Video.objects.get(status=Status.DRAFT)
    assert answer.status_code == 409
    assert answer.json() == {"kept": reverse("video_edit", args=["acme", draft.pk])}
    assert draft.title == "Typed on"


def test_autosave_overtaken_by_generate_leaves_nothing_behind(autosave: Any, send: Any) -> None:
    autosave("one", 0, title="Start")
    send("one", 1, title="Sent")

    answer = autosave("one", 1, title="Sen")

    assert (answer.status_code, answer.json()) == (409, {})
    assert Video.objects.count() == 1


def test_other_version_of_a_generated_draft_becomes_a_draft(two: DraftVersion, send: Any) -> None:
    send("two", 2, title="Start", script="Hello.\nA new paragraph.")

    assert dict(Video.objects.values_list("title", "status")) == {"Start": "waiting", "Other title": "draft"}


def test_sending_the_same_twice_leads_to_the_same_video(autosave: Any, send: Any) -> None:
    autosave("one", 0, title="Start")

    first, second = send("one", 1, title="Sent"), send("two", 1, title="Sent")

    assert first["Location"] == second["Location"]
    assert Video.objects.count() == 1


def test_unsavable_field_is_reported(autosave: Any) -> None:
    answer = autosave("one", 0, title="x" * 121)

    assert (answer.status_code, answer["X-Unsaved"]) == (204, "Title")


def test_another_workspaces_version_is_not_found(two: DraftVersion, client: Client, zoe: Any) -> None:
    client.force_login(zoe)

    assert client.get(reverse("draft_version", args=["rival", PK, two.pk])).status_code == 404


def test_long_texts_are_compared_by_lines_and_in_bounded_time() -> None:
    mine = VideoSpec(script="word " * 10_000 + "\nend")
    theirs = VideoSpec(script="word " * 10_000 + "\nother end")

    (difference,) = differences(mine, theirs)

    assert difference.mine == [("same", "word " * 10_000 + "\n"), ("only", "end")]
    assert difference.theirs == [("same", "word " * 10_000 + "\n"), ("only", "other end")]


def test_versions_beside_a_draft_are_bounded_and_none_is_lost(autosave: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MAX_VERSIONS", 2)
    autosave("one", 0, title="Start")
    autosave("two", 1, title="Second")

    for number in range(4):
        autosave(f"late-{number}", 1, title=f"Late {number}")

    assert [version.spec.title for version in DraftVersion.objects.all()] == ["Late 2", "Late 3"]
    assert set(Video.objects.values_list("title", flat=True)) == {"Second", "Late 0", "Late 1"}


def test_drafts_from_other_windows_count_towards_the_limit(autosave: Any, send: Any, settings: Any) -> None:
    autosave("one", 0, title="Start")
    send("one", 1, title="Sent")
    settings.DRAFTS_PER_PERSON = 1

    answers = [send(f"late-{number}", 1, title=f"Late {number}") for number in range(2)]

    assert [answer.status_code for answer in answers] == [409, 422]
    assert 'value="Late 1"' in answers[1].content.decode()
    assert Video.objects.filter(status=Status.DRAFT).count() == 1
