"""Versions of a draft: kept while it changes, named, compared, restored; and who else has it open."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.keys.models import APIKey
from tavusweb.videos import actions, history
from tavusweb.videos.actions.history import restore_version
from tavusweb.videos.drafts import Edit
from tavusweb.videos.models import DraftPresence, SavedVersion, Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role

PK = uuid.uuid4()


@pytest.fixture
def save(workspace: Workspace, maria: User, key: APIKey) -> Any:
    def save(script: str, edit: Edit = Edit()) -> Video:  # noqa: B008
        return actions.save_draft(Actor(user=maria), workspace, PK, {"title": "Welcome", "script": script}, edit)

    return save


def scripts() -> list[str]:
    return [version.fields["script"] for version in SavedVersion.objects.filter(name="")]


def age() -> None:
    SavedVersion.objects.update(saved_at=timezone.now() - history.KEEP_EVERY)


def test_a_draft_keeps_versions_at_intervals_and_only_so_many(save: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MAX_KEPT", 2)
    save("one")
    save("two")
    save("three")  # too soon
    assert scripts() == ["one"]

    for script in ("four", "five", "five"):
        age()
        save(script)

    assert scripts() == ["four", "three"]


def test_named_version_is_listed_compared_and_restored(as_maria: Client, save: Any, workspace: Workspace) -> None:
    save("The first words.")
    url = reverse("video_versions", args=[workspace.slug, PK])
    as_maria.post(url, {"name": "As agreed"})
    save("The other words.")
    version = SavedVersion.objects.get(name="As agreed")
    one = reverse("video_version", args=[workspace.slug, PK, version.pk])

    listed, compared = as_maria.get(url).text, as_maria.get(one).text
    restored = as_maria.post(one)

    assert "As agreed" in listed
    assert "<ins>first</ins>" in compared
    assert restored["Location"] == reverse("video_edit", args=[workspace.slug, PK])
    assert Video.objects.get().script == "The first words."
    assert "The other words." in scripts()  # nothing is lost by restoring


def test_window_opened_before_a_restore_overwrites_nothing(save: Any, maria: User) -> None:
    save("one", Edit("window-1", None))
    opened = Video.objects.get().version
    save("two", Edit("window-1", opened))
    version = SavedVersion.objects.get()
    restore_version(Actor(user=maria), version)

    with pytest.raises(actions.ChangedElsewhere):
        save("three", Edit("window-1", opened + 1))

    assert Video.objects.get().script == "one"


def test_generated_video_is_not_changed_by_an_old_version(save: Any, maria: User) -> None:
    save("one")
    save("two")
    Video.objects.update(status=Status.WAITING)

    with pytest.raises(actions.Moved):
        restore_version(Actor(user=maria), SavedVersion.objects.get())

    assert Video.objects.get().script == "two"


def test_two_people_in_one_draft_see_each_other_with_few_writes(
    save: Any, workspace: Workspace, maria: User, django_assert_num_queries: Any
) -> None:
    video = save("one")
    eddie = User.objects.create_user(email="eddie@example.com", password="x")
    workspace.memberships.create(user=eddie, role=Role.EDITOR)

    assert history.others_in(video, window="a", person=maria) == []
    assert history.others_in(video, window="b", person=eddie) == [maria.display_name]
    assert history.others_in(video, window="a2", person=maria) == [eddie.display_name]
    with django_assert_num_queries(2):  # looks, writes nothing
        history.others_in(video, window="a", person=maria)

    DraftPresence.objects.update(seen_at=timezone.now() - history.SEEN_FOR)
    assert history.others_in(video, window="a", person=maria) == []
    DraftPresence.objects.update(seen_at=timezone.now() - timedelta(days=2))
    history.forget_absent()
    assert not DraftPresence.objects.exists()


def test_presence_is_answered_as_names(as_maria: Client, save: Any, workspace: Workspace) -> None:
    save("one")

    answer = as_maria.post(reverse("video_present", args=[workspace.slug, PK]), {"window": "a"})

    assert answer.json() == {"others": []}
