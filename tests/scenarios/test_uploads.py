"""A recording's way in, and out again to Tavus by a signed link."""

import stat
import tempfile
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import AudioFile, Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role
from tests.videos.recordings import mp3, wav
from tests.videos.test_forms import GOOD

SPOKEN = {key: value for key, value in GOOD.items() if key != "script"}


def recording(content: bytes | None = None, name: str = "voice.wav") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, wav(4) if content is None else content, "application/octet-stream")


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = settings.UPLOADS_ROOT = tmp_path
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return tmp_path


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of all temporary files that are made for uploads."""
    made: list[str] = []
    original = tempfile.NamedTemporaryFile

    def counted(*args: Any, **kwargs: Any) -> Any:
        file = original(*args, **kwargs)
        made.append(file.name)
        return file

    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", counted)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", counted)
    return made


@pytest.fixture
def send(as_maria: Client, workspace: Workspace, key: APIKey) -> Callable[..., Any]:
    def send(*, to: Client = as_maria, **fields: Any) -> Any:
        return to.post(reverse("video_new", args=[workspace.slug]), SPOKEN | fields)

    return send


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_recording_file_is_readable_only_by_the_server_user(send: Any, uploads: Path, temporary: list[str]) -> None:
    response = send(audio_file=recording(mp3(4), "my voice.wav"))

    audio = Video.objects.get().audio
    assert response.status_code == 302
    assert audio
    assert (audio.name, audio.extension, round(audio.seconds)) == ("my voice.wav", "mp3", 4)
    assert files_in(uploads) == [uploads / audio.file.name]
    assert audio.file.name == f"audio/{audio.workspace_id}/{audio.pk}.mp3"
    assert stat.S_IMODE((uploads / audio.file.name).stat().st_mode) == 0o600
    assert len(temporary) == 1
    assert Path(temporary[0]).parent == uploads / "incoming"


@pytest.mark.parametrize("room", [0, 4 * 1024 * 1024], ids=["by its announced length", "while it is counted"])
def test_oversized_file_is_refused_during_upload_and_other_fields_are_kept(
    room: int, send: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, uploads: Path, temporary: list[str]
) -> None:
    settings.AUDIO_MAX_BYTES = 200_000
    monkeypatch.setattr("tavusweb.uploads.MULTIPART_MAX_BYTES", room)

    page = send(audio_file=recording(wav(30)), title="A long voice", watermark_image_url="https://example.com/a.png")

    text = page.content.decode()
    assert page.status_code == 422
    assert "larger than 750 MB" in text
    assert list(page.context["form"].errors) == ["audio_file"]
    assert "A long voice" in text
    assert "https://example.com/a.png" in text, "also what came after the file"
    assert not files_in(uploads)
    assert bool(temporary) == bool(room), "an announced length is enough to write nothing"
    assert not AudioFile.objects.exists()


def test_file_of_exactly_the_limit_is_accepted(send: Any, settings: Any) -> None:
    settings.AUDIO_MAX_BYTES = len(wav(4))

    assert send(audio_file=recording(wav(4))).status_code == 302


def test_two_files_together_stay_under_the_limit(send: Any, settings: Any, uploads: Path) -> None:
    settings.AUDIO_MAX_BYTES = len(wav(4)) + 10

    page = send(other_file=recording(wav(4)), audio_file=recording(wav(4)))

    assert page.status_code == 422
    assert not files_in(uploads)


def reviewer(workspace: Workspace) -> User:
    user = User.objects.create_user("rita@example.com", "rita-pass-12")
    workspace.memberships.create(user=user, role=Role.REVIEWER)
    return user


@pytest.mark.parametrize("who", ["stranger", "reviewer"])
def test_upload_of_a_viewer_is_never_written(
    who: str, client: Client, zoe: User, workspace: Workspace, temporary: list[str]
) -> None:
    client.force_login(zoe if who == "stranger" else reviewer(workspace))

    new = client.post(reverse("video_new", args=[workspace.slug]), {"audio_file": recording(wav(400))})
    edit = client.post(reverse("video_edit", args=[workspace.slug, uuid.uuid4()]), {"audio_file": recording(wav(400))})

    assert {new.status_code, edit.status_code} == {404 if who == "stranger" else 403}
    assert not temporary


@pytest.mark.parametrize("who", ["nobody", "a page that takes none", "the callback", "nowhere"])
def test_unrequested_upload_is_never_written(
    who: str, client: Client, maria: User, workspace: Workspace, make_video: Any, temporary: list[str]
) -> None:
    addresses = {
        "nobody": reverse("video_new", args=[workspace.slug]),
        "a page that takes none": reverse("video_draft", args=[workspace.slug, uuid.uuid4()]),
        "the callback": reverse("tavus_callback", args=["x"]),
        "nowhere": "/nowhere/",
    }
    if who == "a page that takes none":
        client.force_login(maria)

    response = client.post(addresses[who], {"audio_file": recording(wav(400))})

    assert response.status_code in {204, 302, 404, 413}
    assert not temporary


@pytest.mark.parametrize("route", ["video_new", "video_edit"])
def test_recording_from_another_site_is_refused_and_not_stored(
    route: str, maria: User, workspace: Workspace, make_video: Any, uploads: Path
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(maria)
    args = [workspace.slug, *([make_video(Status.DRAFT).pk] if route == "video_edit" else [])]

    answer = client.post(reverse(route, args=args), SPOKEN | {"audio_file": recording()})

    assert answer.status_code == 403
    assert not files_in(uploads)
    assert not AudioFile.objects.exists()


def test_full_disk_is_reported_beside_the_field(send: Any, monkeypatch: pytest.MonkeyPatch, uploads: Path) -> None:
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)

    page = send(audio_file=recording(), title="A fine title")

    assert page.status_code == 422
    assert "couldn’t store" in str(page.context["form"].errors["audio_file"])
    assert "A fine title" in page.content.decode()
    assert not files_in(uploads)
    assert not AudioFile.objects.exists()
    assert not Video.objects.exists()


def test_disk_filling_during_an_upload_is_reported(send: Any, monkeypatch: pytest.MonkeyPatch, uploads: Path) -> None:
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk", full)

    page = send(audio_file=recording(), title="A fine title", watermark_image_url="https://example.com/a.png")

    assert page.status_code == 422
    assert "couldn’t store" in str(page.context["form"].errors["audio_file"])
    assert "A fine title" in page.content.decode()
    assert "https://example.com/a.png" in page.content.decode()
    assert not files_in(uploads)


@pytest.mark.parametrize("content", [b"", b"text", wav(1), b"\x89PNG\r\n\x1a\n" + bytes(50)])
def test_invalid_recording_is_refused_and_not_kept(content: bytes, send: Any, uploads: Path) -> None:
    page = send(audio_file=recording(content))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["audio_file"]
    assert not files_in(uploads)


def test_valid_recording_is_kept_when_another_field_fails(send: Any, uploads: Path) -> None:
    refused = send(audio_file=recording(), replica_id="")
    stored = AudioFile.objects.get()
    assert refused.status_code == 422
    assert str(stored.pk) in refused.content.decode()

    send(audio=str(stored.pk))

    assert Video.objects.get().audio == stored
    assert len(files_in(uploads)) == 1


def test_new_recording_replaces_the_previous_one(send: Any) -> None:
    send(audio_file=recording(), replica_id="")

    send(audio=str(AudioFile.objects.get().pk), audio_file=recording(mp3(4), "second.mp3"))

    audio = Video.objects.get().audio
    assert audio
    assert audio.name == "second.mp3"


def test_recording_can_be_removed_from_a_draft(send: Any, as_maria: Client, workspace: Workspace) -> None:
    send(audio_file=recording(), intent="draft")
    draft = Video.objects.get()
    assert draft.audio_id

    fields = GOOD | {"audio": str(draft.audio_id), "remove_audio": "on", "intent": "draft"}
    as_maria.post(reverse("video_edit", args=[workspace.slug, draft.pk]), fields)

    draft.refresh_from_db()
    assert draft.audio is None


def test_recording_of_another_workspace_cannot_be_used(send: Any, client: Client, zoe: User) -> None:
    send(audio_file=recording())
    client.force_login(zoe)
    theirs = Workspace.objects.of(zoe).get()
    APIKey.make(theirs, name="Zoe's", secret="x" * 20, is_sandbox=False, by=zoe).save()

    page = client.post(reverse("video_new", args=[theirs.slug]), SPOKEN | {"audio": str(AudioFile.objects.get().pk)})

    assert page.status_code == 422
    assert not theirs.videos.exists()


# Out again.


@pytest.fixture
def audio(workspace: Workspace, maria: User) -> AudioFile:
    upload = recording(mp3(4), '"; x=\r\n<script>.mp3')
    return AudioFile.keep(workspace, upload, extension="mp3", seconds=4, by=maria)


def path_of(audio: AudioFile) -> str:
    return urlsplit(audio.public_url()).path


def test_signed_link_downloads_the_recording(client: Client, audio: AudioFile) -> None:
    response = client.get(path_of(audio))

    assert response.status_code == 200
    assert response.getvalue() == mp3(4)
    assert response["Content-Type"] == "audio/mpeg"
    assert response["Content-Disposition"] == 'attachment; filename="recording.mp3"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert path_of(audio).endswith(".mp3"), "Tavus asks for an address of an MP3 or WAV file"


def test_signed_recording_link_lasts_two_days(client: Client, audio: AudioFile) -> None:
    path = path_of(audio)

    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=-1)):
        before = client.get(path).status_code
    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1)):
        after = client.get(path).status_code

    assert (before, after) == (200, 404)


@pytest.mark.parametrize(
    "forge",
    [
        lambda path: path.replace(path.split("/")[2][:32], uuid.uuid4().hex),
        lambda path: path.replace(":", ":0", 1),
        lambda path: path.replace(".mp3", ".wav"),
        lambda path: path.replace(".mp3", ".exe"),
        lambda path: path[:-8] + ".mp3",
        lambda path: "/audio/" + path.split("/")[2][:32] + "/recording.mp3",
        lambda path: "/audio/" + "é" * 40 + "/recording.mp3",
        lambda path: "/audio/::/recording.mp3",
        lambda path: "/audio/",
        lambda path: "/uploads/",
        lambda path: "/media/",
    ],
)
def test_forged_recording_link_is_refused(forge: Any, client: Client, audio: AudioFile) -> None:
    assert client.get(forge(path_of(audio))).status_code == 404


def test_signature_for_another_purpose_is_refused(client: Client, audio: AudioFile) -> None:
    from django.core.signing import TimestampSigner

    token = TimestampSigner(salt="another").sign(audio.pk.hex)

    assert client.get(f"/audio/{token}/recording.mp3").status_code == 404


def test_deleted_recording_is_404(client: Client, audio: AudioFile, uploads: Path) -> None:
    path = path_of(audio)
    (uploads / audio.file.name).unlink()
    assert client.get(path).status_code == 404

    audio.delete()

    assert client.get(path).status_code == 404


def test_audio_view_only_serves_links(client: Client, audio: AudioFile) -> None:
    assert client.head(path_of(audio)).status_code == 200
    assert client.post(path_of(audio)).status_code == 405


def test_tavus_is_sent_a_signed_link(sweep: Any, tavus: Any, client: Client, audio: AudioFile, make_video: Any) -> None:
    make_video(Status.WAITING, script="", audio=audio)

    sweep()

    asked = next(iter(tavus.videos.values()))["request"]
    assert "script" not in asked
    assert client.get(urlsplit(asked["audio_url"]).path).getvalue() == mp3(4)
