"""What one workspace and one person may keep, with real uploads through the form."""

import shutil
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.videos import quotas
from tavusweb.videos.models import AudioFile, Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role
from tests.videos.recordings import wav

RECORDING = wav(4)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = settings.UPLOADS_ROOT = tmp_path
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()


def upload(client: Client, slug: str = "acme") -> Any:
    sent = {
        "intent": "draft",
        "title": "Kept title",
        "video_id": str(uuid.uuid4()),
        "audio_file": SimpleUploadedFile("a.wav", RECORDING, "audio/wav"),
    }
    return client.post(reverse("video_new", args=[slug]), sent)


def is_refused(answer: Any, words: str) -> bool:
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Kept title" in page, "what was typed is still there"
    return words in page


def test_workspace_keeps_no_more_than_it_may(as_maria: Client, key: APIKey, erik: User, settings: Any) -> None:
    settings.UPLOADS_PER_WORKSPACE = 2.5 * len(RECORDING)
    colleague = Client()
    colleague.force_login(erik)

    assert [upload(client).status_code for client in (as_maria, colleague)] == [302, 302]
    assert is_refused(upload(as_maria), "This workspace’s recordings take up")
    assert is_refused(upload(colleague), "This workspace’s recordings take up")
    assert AudioFile.objects.count() == 2


def test_viewer_cannot_fill_the_disk_by_opening_workspaces(
    client: Client, workspace: Workspace, zoe: User, settings: Any
) -> None:
    settings.UPLOADS_PER_PERSON = 2.5 * len(RECORDING)
    workspace.memberships.create(user=zoe, role=Role.VIEWER)
    client.force_login(zoe)
    assert upload(client).status_code == 403

    own = []
    for name in ("One", "Two", "Three"):
        client.post(reverse("workspace_new"), {"name": name})
        own.append(upload(client, name.lower()))

    assert [answer.status_code for answer in own] == [302, 302, 422]
    assert is_refused(own[2], "Your recordings take up")


def test_upload_never_uses_the_disk_reserve(as_maria: Client, key: APIKey, settings: Any) -> None:
    settings.DISK_RESERVE = shutil.disk_usage(settings.UPLOADS_ROOT).free + 10 * 1024**3

    assert is_refused(upload(as_maria), "This server is low on disk space")
    assert not list(settings.FILE_UPLOAD_TEMP_DIR.iterdir())


def test_disk_that_fills_up_during_an_upload_is_noticed(
    as_maria: Client, key: APIKey, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tavusweb.uploads.LOOK_EVERY", 1)
    rooms = iter([10**9])  # and nothing afterwards
    say = quotas.disk_room().message
    monkeypatch.setattr(quotas, "disk_room", lambda: quotas.Room(next(rooms, 0) - len(RECORDING), say))

    assert is_refused(upload(as_maria), say)
    assert not AudioFile.objects.exists()


def test_upload_that_others_have_overtaken_is_not_kept(
    as_maria: Client, key: APIKey, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it was received there was room; the last look is under a lock."""
    monkeypatch.setattr(
        "tavusweb.videos.views.editor.upload_room", lambda workspace, user: quotas.Room(10**9, "nobody sees this")
    )
    settings.UPLOADS_PER_PERSON = len(RECORDING) - 1

    assert is_refused(upload(as_maria), "Your recordings take up")
    assert not AudioFile.objects.exists()


def test_deleted_recordings_make_room(as_maria: Client, key: APIKey, settings: Any) -> None:
    settings.UPLOADS_PER_PERSON = 1.5 * len(RECORDING)
    upload(as_maria)
    assert upload(as_maria).status_code == 422

    AudioFile.objects.all().delete()

    assert upload(as_maria).status_code == 302


class TestDrafts:
    @pytest.fixture(autouse=True)
    def few(self, settings: Any) -> None:
        settings.DRAFTS_PER_PERSON = 2

    def save(self, client: Client, pk: uuid.UUID | None = None) -> Any:
        sent = {"intent": "draft", "title": "Kept title", "video_id": str(pk or uuid.uuid4())}
        return client.post(reverse("video_new", args=["acme"]), sent)

    def test_more_than_the_limit_are_refused_in_words(self, as_maria: Client, key: APIKey) -> None:
        answers = [self.save(as_maria) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [302, 302, 422]
        assert is_refused(answers[2], "You have 2 drafts, the maximum.")
        assert Video.objects.count() == 2

    def test_autosave_says_so_too(self, as_maria: Client, key: APIKey) -> None:
        for _ in range(2):
            self.save(as_maria)

        answer = as_maria.post(reverse("video_draft", args=["acme", uuid.uuid4()]), {"title": "x"})

        assert answer.status_code == 422
        assert answer.json()["problem"].startswith("You have 2 drafts")

    def test_those_that_exist_can_be_changed_and_generated(self, as_maria: Client, key: APIKey) -> None:
        ids = [uuid.uuid4(), uuid.uuid4()]
        for pk in ids:
            self.save(as_maria, pk)

        again = as_maria.post(reverse("video_draft", args=["acme", ids[0]]), {"title": "changed"})

        assert again.status_code == 204
        assert Video.objects.get(pk=ids[0]).title == "changed"

    def test_others_and_finished_videos_do_not_count(self, as_maria: Client, erik: User, make_video: Any) -> None:
        for _ in range(3):
            make_video(Status.READY)
            make_video(Status.DRAFT, created_by=erik)

        assert self.save(as_maria).status_code == 302
