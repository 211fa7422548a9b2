"""What is said of a script beside Generate, and what is refused as empty."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tavusweb.videos.models import Video
from tavusweb.videos.script_notes import script_notes
from tavusweb.workspaces.models import Workspace


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("Hello Maria", []),
        ("Hi {{first_name}}", ["{{first_name}}"]),
        ("<break/> Hi {name}", ["{name}", "<break/>"]),
        ("👍", ["Nothing in this script can be spoken."]),
        ("", []),
    ],
)
def test_note_names_the_passages(script: str, expected: list[str]) -> None:
    notes = script_notes(script)

    assert len(notes) == len(expected)
    assert all(words in note for words, note in zip(expected, notes, strict=True))


@pytest.mark.parametrize("script", ["", " \t\n", "\u2066\u2069"])  # the text policy's own test has all of them
def test_invisible_or_unspeakable_script_is_empty(
    script: str, as_maria: Client, workspace: Workspace, key: Any
) -> None:
    fields = {"title": "Welcome", "replica_id": "r1", "script": script, "intent": "generate", "api_key": key.pk}

    page = as_maria.post(reverse("video_new", args=[workspace.slug]), fields)

    assert page.status_code == 422
    assert "Enter a script" in str(page.context["form"].errors["script"])
    assert not Video.objects.exists()


def test_note_does_not_block_generating(as_maria: Client, workspace: Workspace, key: Any) -> None:
    script = "Hi {{first_name}} <break/>"
    fields = {"title": "Welcome", "replica_id": "r1", "script": script, "intent": "generate", "api_key": key.pk}

    as_maria.post(reverse("video_new", args=[workspace.slug]), fields)

    assert Video.objects.get().script == script


@pytest.mark.parametrize(("length", "is_taken"), [(120, True), (121, False)])
def test_title_limit_is_the_same_for_emoji_and_letters(
    length: int, is_taken: bool, as_maria: Client, workspace: Workspace, key: Any
) -> None:
    fields = {"title": "👍" * length, "replica_id": "r1", "script": "Hi", "intent": "generate", "api_key": key.pk}

    page = as_maria.post(reverse("video_new", args=[workspace.slug]), fields)

    assert (page.status_code == 302) is is_taken
    assert is_taken or "Use at most 120 characters. This has 121." in page.content.decode()
