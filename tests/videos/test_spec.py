"""The one list of what can be asked of a video: nothing that reads it may miss a field or know another."""

from dataclasses import fields
from typing import Any

import pytest
from django.contrib.admin import site
from django.test import Client
from django.urls import reverse

from tavusweb.engine.submit import request_for
from tavusweb.keys.models import APIKey
from tavusweb.videos.forms import VideoForm
from tavusweb.videos.models import AudioFile, Video
from tavusweb.videos.spec import VideoSpec
from tavusweb.workspaces.models import Workspace

# Another value than the default for every field, and what else it takes for the field to count.
CHANGES: dict[str, dict[str, Any]] = {
    "title": {"title": "Goodbye"},
    "api_key": {},
    "replica_id": {"replica_id": "r2"},
    "script": {"script": "Other words"},
    "audio": {"script": "", "audio": "the recording"},
    "audio_url": {"script": "", "audio_url": "https://example.com/a.mp3"},
    "background": {"background": "video", "background_url": "https://example.com/b"},
    "background_url": {"background_url": "https://example.com/c", "background": "page"},
    "background_scroll": {"background_scroll": False},
    "background_scroll_type": {"background_scroll_type": "smooth"},
    "background_scroll_depth": {"background_scroll_depth": "bottom"},
    "background_scroll_return": {"background_scroll_return": "halt"},
    "watermark_image_url": {"watermark_image_url": "https://example.com/w.png"},
    "fast": {"fast": True},
    "transparent_background": {"transparent_background": True, "fast": True},
    "start_with_wave": {"start_with_wave": False},
}
WITHOUT = {"transparent_background": {"fast": True}}  # what the field is compared with, where that is not the default
PAGE = {"background": "page", "background_url": "https://example.com/b"}


@pytest.fixture
def audio(workspace: Workspace) -> AudioFile:
    return AudioFile.objects.create(workspace=workspace, name="a.wav", extension="wav", size=1, seconds=4)


@pytest.mark.parametrize("field", fields(VideoSpec), ids=lambda field: field.name)
def test_column_has_the_default_of_the_spec(field: Any) -> None:
    column = Video._meta.get_field(field.name)

    assert (None if column.is_relation else column.get_default()) == field.default


def test_every_editable_column_is_in_the_spec() -> None:
    columns = {column.name for column in Video._meta.fields if column.editable}

    assert columns - {"workspace", "created_by"} == set(VideoSpec.names())


def test_form_and_back_office_know_every_field(workspace: Workspace, maria: Any) -> None:
    form = VideoForm(workspace=workspace, user=maria)
    shown = site.get_model_admin(Video).readonly_fields

    assert set(VideoSpec.names()) <= form.fields.keys()
    assert set(VideoSpec.names()) <= set(shown)


@pytest.mark.parametrize("name", [name for name in VideoSpec.names() if name != "api_key"])
def test_changing_a_field_changes_the_request(name: str, make_video: Any, audio: AudioFile) -> None:
    changes = {key: audio if value == "the recording" else value for key, value in CHANGES[name].items()}
    plain = make_video(**PAGE | WITHOUT.get(name, {}))
    changed = make_video(**PAGE | changes)
    for video in (plain, changed):
        video.submission_name = video.display_title

    assert request_for(changed).to_json() != request_for(plain).to_json()


@pytest.mark.parametrize("spoken", [{"script": "Other words"}, CHANGES["audio"], CHANGES["audio_url"]], ids=str)
def test_duplicate_copies_every_field(
    spoken: dict[str, Any], make_video: Any, as_maria: Client, workspace: Workspace, key: APIKey, audio: AudioFile
) -> None:
    changes = {name: value for each in CHANGES.values() for name, value in each.items()}
    changes |= {"audio": None, "audio_url": ""} | spoken
    source = make_video(**{name: audio if value == "the recording" else value for name, value in changes.items()})

    form = as_maria.get(reverse("video_new", args=[workspace.slug]), {"from": source.pk}).context["form"]

    was = {name: getattr(source, name) for name in VideoSpec.names()}
    expected = {name: getattr(value, "pk", value) for name, value in was.items()} | {"title": "Goodbye (copy)"}
    assert {name: form.initial[name] for name in was} == expected
