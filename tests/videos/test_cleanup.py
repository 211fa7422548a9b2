"""What nobody needs any more goes, and nothing else."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.utils import timezone

from tavusweb.videos.cleanup import ORPHANS_LIVE, remove_broken_uploads, remove_orphaned_audio
from tavusweb.videos.models import AudioFile
from tavusweb.workspaces.models import Workspace

OLD, YOUNG = ORPHANS_LIVE + timedelta(hours=1), ORPHANS_LIVE - timedelta(hours=1)


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return tmp_path


@pytest.fixture
def recording(workspace: Workspace) -> Any:
    def recording(age: timedelta) -> AudioFile:
        row = {"name": "a.wav", "extension": "wav", "size": 4, "seconds": 4, "uploaded_at": timezone.now() - age}
        audio = AudioFile(workspace=workspace, **row)
        audio.file.save("", ContentFile(b"RIFF"))
        return audio

    return recording


def test_old_recording_without_a_video_is_deleted_with_its_file(recording: Any, make_video: Any, uploads: Path) -> None:
    old, young, used = recording(OLD), recording(YOUNG), recording(OLD)
    make_video(audio=used)

    assert remove_orphaned_audio() == 1

    assert set(AudioFile.objects.all()) == {young, used}
    assert not (uploads / old.file.name).exists()
    assert (uploads / young.file.name).exists()
    assert (uploads / used.file.name).exists()


def test_recording_without_a_file_is_deleted(recording: Any, uploads: Path) -> None:
    (uploads / recording(OLD).file.name).unlink()

    assert remove_orphaned_audio() == 1
    assert not AudioFile.objects.exists()


def test_file_that_cannot_be_deleted_does_not_block_others(
    recording: Any, monkeypatch: pytest.MonkeyPatch, uploads: Path
) -> None:
    stuck, fine = recording(OLD), recording(OLD)
    original = FileSystemStorage.delete

    def delete(self: FileSystemStorage, name: str) -> None:
        if name == stuck.file.name:
            raise PermissionError(13, "Permission denied")
        original(self, name)

    monkeypatch.setattr(FileSystemStorage, "delete", delete)

    assert remove_orphaned_audio() == 1
    assert AudioFile.objects.get() == stuck, "it is tried again the next time"
    assert not (uploads / fine.file.name).exists()


def test_recording_used_at_the_last_moment_is_kept(
    recording: Any, make_video: Any, monkeypatch: pytest.MonkeyPatch, uploads: Path
) -> None:
    audio = recording(OLD)
    orphans = AudioFile.objects.filter(pk=audio.pk)
    monkeypatch.setattr(AudioFile.objects, "filter", lambda **given: orphans)
    video = make_video(audio=audio)

    remove_orphaned_audio()

    monkeypatch.undo()
    video.refresh_from_db()
    assert video.audio == audio
    assert (uploads / audio.file.name).exists()


def test_files_of_interrupted_uploads_are_deleted_later(uploads: Path) -> None:
    for name, age in (("old.upload", OLD), ("young.upload", YOUNG)):
        path = uploads / "incoming" / name
        path.touch()
        moment = (timezone.now() - age).timestamp()
        os.utime(path, (moment, moment))

    assert remove_broken_uploads() == 1
    assert [path.name for path in (uploads / "incoming").iterdir()] == ["young.upload"]


def test_missing_folder_is_no_error(uploads: Path) -> None:
    (uploads / "incoming").rmdir()

    assert remove_broken_uploads() == 0
