"""The form in which a video is made: each rule beside its field, nothing typed is lost."""

import unicodedata
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey, Replica
from tavusweb.videos.forms import RenameForm, VideoForm
from tavusweb.videos.models import AudioFile, Video
from tavusweb.videos.spec import LONGEST_SCRIPT
from tavusweb.workspaces.models import Workspace
from tests.test_reachability import PRIVATE

GOOD = {"title": "Welcome", "replica_id": "r1", "script": "Hello there", "background": "none"} | {
    "background_scroll_type": "human",
    "background_scroll_depth": "middle",
    "background_scroll_return": "return",
}
PAGE = {"background": "page", "background_url": "https://example.com"}


@pytest.fixture
def fill(workspace: Workspace, maria: User, key: APIKey) -> Any:
    """`fill(**fields)`: the form as it comes in, good but for these fields."""

    def filled(*, as_draft: bool = False, **fields: Any) -> VideoForm:
        return VideoForm(GOOD | fields, workspace=workspace, user=maria, as_draft=as_draft)

    return filled


@pytest.fixture
def audio(workspace: Workspace, maria: User) -> AudioFile:
    return AudioFile.objects.create(workspace=workspace, name="a.wav", extension="wav", size=1, seconds=4)


@pytest.fixture
def replica(key: APIKey) -> Any:
    def make(replica_id: str, name: str, **fields: Any) -> Replica:
        return key.replicas.create(replica_id=replica_id, name=name, seen_at=timezone.now(), **fields)

    return make


def errors(form: VideoForm) -> dict[str, str]:
    return {field: " ".join(map(str, messages)) for field, messages in form.errors.items()}


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"script": ""}, "script", "Enter a script"),
        ({"script": " \r\n\t "}, "script", "Enter a script"),
        ({"audio_url": "https://example.com/a.mp3"}, "audio_url", "not both"),
        ({"script": "x" * (LONGEST_SCRIPT + 1)}, "script", "at most 50000 characters"),
        ({"script": "x" * 1_000_000}, "script", "at most 50000 characters"),
        ({"script": "a\x00b"}, "script", "Null characters"),
        ({"title": "a\x00b"}, "title", "Null characters"),
        ({"title": "x" * 121}, "title", "at most 120 characters"),
        ({"replica_id": ""}, "replica_id", "Choose a replica"),
        ({"replica_id": "  "}, "replica_id", "Choose a replica"),
        ({"replica_id": "../r1?x=1"}, "replica_id", "isn’t a replica ID"),
        ({"replica_id": "r\x001"}, "replica_id", "Null characters"),
        ({"replica_id": "r" * 201}, "replica_id", "at most 200"),
        (PAGE | {"fast": "on"}, "background", "doesn’t support backgrounds"),
        ({"background": "green"}, "background", "not one of the available choices"),
        ({"background_scroll_type": "quick"}, "background_scroll_type", "not one of the available choices"),
        ({"script": "", "audio_url": "https://example.com/a.m4a"}, "audio_url", "only MP3 and WAV"),
        ({"script": "", "audio_url": "nonsense"}, "audio_url", "full URL"),
        ({"audio": str(uuid.UUID(int=1))}, "audio", "not one of the available choices"),
        ({"audio": "x\x00"}, "audio", "Null characters"),
    ],
)
def test_error_is_shown_only_beside_its_field(fields: dict[str, str], field: str, sentence: str, fill: Any) -> None:
    form = fill(**fields)

    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert sentence in errors(form)[field]


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["audio_url", "background_url", "watermark_image_url"])
@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript://example.com/%0aalert(1)",
        "ftp://example.com/a.mp3",
        "data:audio/mp3;base64,AAAA",
        "file:///etc/passwd",
        "//",
        "https://",
        "https://[::1",
        "https://exa mple.com",
        "https://example.com/\x00",
        "https://example.com/\nHost: x",
        "https://" + "x" * 2000 + ".com",
    ],
)
def test_only_full_urls_are_accepted(name: str, address: str, fill: Any) -> None:
    others = {"script": ""} if name == "audio_url" else {"background": "page"} if name == "background_url" else {}

    form = fill(**{name: address} | others)

    assert not form.is_valid()
    assert list(form.errors) == [name]
    assert address in form[name].value(), "what was typed is still there"


@pytest.mark.parametrize("address", ["example.com/a.mp3", "HTTPS://example.com/a.mp3", "http://example.com/a.mp3"])
def test_url_without_scheme_becomes_https(address: str, fill: Any) -> None:
    form = fill(script="", audio_url=address)

    assert form.is_valid(), form.errors
    assert form.spec_changes()["audio_url"].lower() in {"https://example.com/a.mp3", "http://example.com/a.mp3"}


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/a.mp3", "http://localhost/a.mp3", "https://nas.local/a.mp3", "http://10.1.2.3/a.mp3"]
)
def test_private_url_is_refused(address: str, fill: Any, settings: Any) -> None:
    settings.TAVUS_API_URL = "https://tavusapi.com"

    form = fill(script="", audio_url=address, watermark_image_url=address)

    assert not form.is_valid()
    assert {"audio_url", "watermark_image_url"} == set(form.errors)
    assert "private" in errors(form)["audio_url"]


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["audio_url", "background_url", "watermark_image_url"])
def test_no_spelling_of_a_private_url_is_accepted(name: str, fill: Any, settings: Any) -> None:
    settings.TAVUS_API_URL = "https://tavusapi.com"
    others = {"script": ""} if name == "audio_url" else {"background": "page"} if name == "background_url" else {}

    taken = [host for host in PRIVATE if name not in fill(**{name: f"http://{host}/a.mp3"} | others).errors]

    assert not taken


def test_local_provider_accepts_local_urls(fill: Any, settings: Any, key: APIKey) -> None:
    form = fill(script="", audio_url="http://127.0.0.1/a.mp3")
    assert form.is_valid(), form.errors

    settings.TAVUS_API_URL = "https://tavusapi.com"
    APIKey.objects.update(is_sandbox=True)
    form = fill(script="", audio_url="http://127.0.0.1/a.mp3")

    assert form.is_valid(), "the sandbox downloads nothing"


def test_private_server_cannot_offer_recordings_to_tavus(fill: Any, settings: Any, audio: AudioFile) -> None:
    settings.TAVUS_API_URL = "https://tavusapi.com"

    refused, taken = fill(script="", audio=str(audio.pk)), fill(script="", audio=str(audio.pk))

    assert "no public address" in errors(refused)["audio_file"]
    settings.SITE_URL = "https://videos.example.com"
    assert taken.is_valid(), taken.errors


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"fast": "on", "transparent_background": "on"},
        PAGE,
        {"script": "x" * LONGEST_SCRIPT},
        {"script": "\U0001f600" * LONGEST_SCRIPT},
        {"title": "<script>alert(1)</script> ' \" & {{ x }}"},
    ],
)
def test_everything_that_tavus_accepts_is_accepted(fields: dict[str, str], fill: Any) -> None:
    form = fill(**fields)

    assert form.is_valid(), form.errors


def test_text_is_kept_as_typed_in_nfc_with_plain_line_ends(fill: Any) -> None:
    form = fill(title=unicodedata.normalize("NFD", "Café"), script=" Café\r\nZwei\rDrei ")

    assert form.is_valid()
    assert form.spec_changes()["title"] == "Café"
    assert form.spec_changes()["script"] == " Café\nZwei\nDrei "


def test_line_ends_count_as_one_character(fill: Any) -> None:
    assert fill(script="x\r\n" * (LONGEST_SCRIPT // 2)).is_valid()


def test_white_space_is_no_script(fill: Any) -> None:
    form = fill(script=" \r\n", audio_url="https://example.com/a.mp3")

    assert form.is_valid(), form.errors
    assert form.spec_changes()["script"] == ""


@pytest.mark.parametrize(
    ("script", "title"),
    [
        ("Hello there", "Hello there"),
        ("\n\n  First line\nSecond", "First line"),
        ("word " * 100, "word " * 11 + "word…"),
        ("x" * 100, "x" * 60 + "…"),
    ],
)
def test_title_comes_from_the_script_when_blank(script: str, title: str, fill: Any) -> None:
    form = fill(title="", script=script)

    assert form.is_valid(), form.errors
    assert form.spec_changes()["title"] == title


def test_replica_can_be_entered_by_name(fill: Any, replica: Any) -> None:
    replica("r0123", "Anna Lee")

    form = fill(replica_id=" anna lee ")

    assert form.is_valid(), form.errors
    assert (form.spec_changes()["replica_id"], form.spec_changes()["replica_name"]) == ("r0123", "Anna Lee")


def test_ambiguous_replica_name_is_refused(fill: Any, replica: Any) -> None:
    replica("r1a", "Anna")
    replica("r1b", "Anna")

    form = fill(replica_id="Anna")

    assert "Several replicas" in errors(form)["replica_id"]


@pytest.mark.parametrize("given", ["r0123", "Anna", "anna"])
def test_replica_in_an_error_state_is_refused(given: str, fill: Any, replica: Any) -> None:
    replica("r0123", "Anna", status="error")

    form = fill(replica_id=given)

    assert "error state" in errors(form)["replica_id"]


def test_unknown_replica_id_is_accepted(fill: Any) -> None:
    form = fill(replica_id="r0123abc-DEF_9")

    assert form.is_valid()
    assert form.spec_changes()["replica_name"] == ""


# Which key.


def test_only_key_is_preselected_and_hidden(fill: Any, key: APIKey) -> None:
    form = fill()

    assert form.is_valid()
    assert form.spec_changes()["api_key"] == key
    assert form["api_key"].is_hidden


def test_key_must_be_chosen_among_several(fill: Any, key: APIKey, workspace: Workspace, maria: User) -> None:
    second = APIKey.make(workspace, name="Second", secret="x" * 20, is_sandbox=False, by=maria)
    second.save()

    unsaid, chosen = fill(), fill(api_key=str(second.pk))

    assert "Choose an API key" in errors(unsaid)["api_key"]
    assert not unsaid["api_key"].is_hidden
    assert chosen.is_valid()
    assert chosen.spec_changes()["api_key"] == second


def test_workspace_with_only_frozen_keys_gets_an_error(fill: Any, key: APIKey) -> None:
    APIKey.objects.update(frozen_at=timezone.now())

    form = fill()

    assert "no usable API key" in errors(form)["__all__"]


@pytest.mark.parametrize("state", ["frozen", "deleted", "foreign", "nonsense"])
def test_unavailable_key_shows_an_error_at_a_visible_field(
    state: str, fill: Any, key: APIKey, workspace: Workspace, maria: User, zoe: User
) -> None:
    home = Workspace.objects.of(zoe).get() if state == "foreign" else workspace
    other = APIKey.make(home, name="Other", secret="x" * 20, is_sandbox=False, by=maria)
    other.frozen_at = timezone.now() if state in {"frozen", "nonsense"} else None
    other.retired_at = timezone.now() if state == "deleted" else None
    other.save()

    form = fill(api_key="nonsense\x00" if state == "nonsense" else str(other.pk))

    assert list(errors(form)) == ["api_key"]
    assert not form["api_key"].is_hidden
    assert str(other.pk) not in str(form["api_key"])


def test_draft_with_a_deleted_key_opens_with_the_remaining_one(
    as_maria: Client, make_video: Any, key: APIKey, workspace: Workspace, maria: User
) -> None:
    gone = APIKey.make(workspace, name="Gone", secret="x" * 20, is_sandbox=False, by=maria)
    gone.frozen_at = timezone.now()
    gone.save()
    draft = make_video("draft", api_key=gone)

    form = VideoForm(instance=draft, workspace=workspace, user=maria)

    assert form["api_key"].value() == key.pk


# Drafts.


def test_draft_can_be_incomplete(fill: Any) -> None:
    form = fill(as_draft=True, replica_id="Anna Lee", script="", audio_url="https://exa", background="page")

    assert form.is_valid(), form.errors
    assert form.spec_changes()["audio_url"] == "https://exa"
    assert form.spec_changes()["replica_id"] == "Anna Lee"


@pytest.mark.parametrize("half", ["h", "https:", "https://", "http://[", "exam", "javascript:al"])
def test_draft_keeps_an_incomplete_url(half: str, fill: Any) -> None:
    form = fill(as_draft=True, background_url=half, watermark_image_url=half)

    assert form.is_valid(), form.errors
    assert (form.spec_changes()["background_url"], form.spec_changes()["watermark_image_url"]) == (half, half)


# The forms beside a video.


@pytest.mark.parametrize(("title", "is_taken"), [("New", True), ("", False), ("  ", False), ("x" * 121, False)])
def test_new_title_has_1_to_120_characters(title: str, is_taken: bool) -> None:
    assert RenameForm({"title": title}).is_valid() is is_taken


# The page.


def test_form_with_errors_keeps_all_input(as_maria: Client, workspace: Workspace, key: APIKey) -> None:
    wanted = GOOD | PAGE | {"replica_id": "not an id!", "script": "Zeile <b>eins</b>", "video_id": str(uuid.uuid4())}

    page = as_maria.post(reverse("video_new", args=[workspace.slug]), wanted)

    text = page.content.decode()
    assert page.status_code == 422
    assert "Zeile &lt;b&gt;eins&lt;/b&gt;" in text
    assert all(piece in text for piece in ("not an id!", "https://example.com", wanted["video_id"], "isn’t a replica"))
    assert not Video.objects.exists()


def test_form_without_a_usable_key_keeps_all_input(as_maria: Client, workspace: Workspace, key: APIKey) -> None:
    APIKey.objects.update(frozen_at=timezone.now())

    page = as_maria.post(reverse("video_new", args=[workspace.slug]), GOOD | {"script": "A long evening's work"})

    assert page.status_code == 422
    assert "A long evening&#x27;s work" in page.content.decode()


def test_huge_script_gets_an_error_beside_its_field(as_maria: Client, workspace: Workspace, key: APIKey) -> None:
    page = as_maria.post(reverse("video_new", args=[workspace.slug]), GOOD | {"script": "é" * 1_000_000})

    assert page.status_code == 422
    assert "at most 50000 characters" in page.content.decode()
