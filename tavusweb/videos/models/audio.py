import uuid
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, TimestampSigner
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.http import absolute_url
from tavusweb.text_policy import as_line, cut
from tavusweb.workspaces.models import Workspace

if TYPE_CHECKING:
    from tavusweb.accounts.models import User

LINK_LASTS = timedelta(days=2)  # Tavus downloads immediately, but a video can be queued there for a long time
CONTENT_TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav"}

_signer = TimestampSigner(salt="videos.audio")


def _path(audio: "AudioFile", name: str) -> str:
    return f"audio/{audio.workspace_id}/{audio.pk}.{audio.extension}"


def file_name(name: str) -> str:
    """The name of an upload as it is shown, with its ending however long it is."""
    path = Path(as_line(name))
    return f"{cut(path.stem, 200 - len(path.suffix[:20]))}{path.suffix[:20]}"


class AudioFile(models.Model):
    """An uploaded and validated recording on this server's disk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="audio_files")
    file = models.FileField(upload_to=_path, max_length=200)
    name = models.CharField(_("original file name"), max_length=200)
    extension = models.CharField(max_length=3)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    seconds = models.FloatField()
    is_silent = models.BooleanField(default=False)  # nothing can be heard in it
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(
        cls,
        workspace: Workspace,
        upload: "UploadedFile[Any]",
        *,
        extension: str,
        seconds: float,
        by: "User",
        is_silent: bool = False,
    ) -> "AudioFile":
        """Store a validated upload. Raises OSError when the disk fails."""
        audio = cls(
            workspace=workspace,
            name=file_name(upload.name or "audio"),
            extension=extension,
            size=upload.size or 0,
            seconds=seconds,
            is_silent=is_silent,
            uploaded_by=by,
        )
        audio.file.save("", upload, save=False)
        audio.save()
        return audio

    def public_url(self) -> str:
        """The URL from which Tavus can download this file for `LINK_LASTS`."""
        token = _signer.sign(self.pk.hex)
        return absolute_url(reverse("audio_file", args=[token, self.extension]))

    @classmethod
    def by_link(cls, token: str, extension: str) -> "AudioFile | None":
        """Return the file of a signed link; None when the link is forged or expired, or the file is gone."""
        try:
            pk = uuid.UUID(hex=_signer.unsign(token, max_age=LINK_LASTS))
        except (BadSignature, ValueError):
            return None
        return cls.objects.filter(pk=pk, extension=extension).first()
