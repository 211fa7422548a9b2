"""The recording fields of the video form: a new upload, an earlier one, or a URL."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from tavusweb.accounts.models import User
from tavusweb.forms import WebAddressField
from tavusweb.text_policy import is_blank
from tavusweb.uploads import NOT_STORED, TOO_LARGE, NoRoom
from tavusweb.workspaces.models import Workspace

from ..audio_inspection import AudioFacts, AudioProblem, inspect
from ..models import AudioFile
from ..quotas import quota_room

UPLOAD_FAILURES = {
    TOO_LARGE: _("This file is larger than 750 MB, the maximum at Tavus."),
    NOT_STORED: _("This server couldn’t store the recording. Try again later."),
}


class SpeakFrom(models.TextChoices):
    SCRIPT = "script", _("Script")
    RECORDING = "recording", _("Recording")


class RecordingForm(forms.Form):
    """The script or the recording: what **Speak from** chooses is used, and the other is not sent.

    A form without that choice may have either, not both.
    """

    speak_from = forms.ChoiceField(
        label=_("Speak from"), required=False, choices=SpeakFrom.choices, widget=forms.RadioSelect
    )
    audio_file = forms.FileField(
        label=_("Audio file"),
        required=False,
        allow_empty_file=True,
        help_text=_("MP3 or WAV, 3 s to 10 min, up to 750 MB."),
        widget=forms.FileInput(
            attrs={"accept": ".mp3,.wav,audio/mpeg,audio/wav", "data-most-bytes": settings.AUDIO_MAX_BYTES}
        ),
    )
    audio = forms.ModelChoiceField(AudioFile.objects.none(), required=False, widget=forms.HiddenInput)
    remove_audio = forms.BooleanField(label=_("Remove the recording"), required=False)
    audio_url = WebAddressField(label=_("Audio URL"), help_text=_("Public URL of an MP3 or WAV file."))

    def __init__(self, *args: Any, workspace: Workspace, user: User, upload_failure: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        self.user = user
        self.upload_failure = upload_failure
        self.audio_facts: AudioFacts | None = None
        self.fields["audio"].queryset = workspace.audio_files.all()  # type: ignore[attr-defined]

    def speaks_from(self) -> str:
        """The choice to show: as made, or as the recording that is there says. A draft with both speaks from the recording."""
        chosen = self["speak_from"].value()
        if chosen in SpeakFrom.values:
            return str(chosen)
        given = self["audio"].value() or self["audio_url"].value()
        return SpeakFrom.RECORDING if given else SpeakFrom.SCRIPT

    def drop_unchosen(self, cleaned: dict[str, Any], *, keep_script: bool) -> None:
        """Leave out what **Speak from** does not choose.

        Without scripts a recording alone counts as chosen. A draft keeps the text beside its recording (`keep_script`).
        """
        chosen = cleaned.get("speak_from")
        has_script = not is_blank(cleaned.get("script") or "") or "script" in self.errors
        if chosen == SpeakFrom.SCRIPT and has_script:
            unchosen: dict[str, Any] = {"audio": None, "audio_file": None, "audio_url": ""}
        elif chosen == SpeakFrom.RECORDING and not keep_script:
            unchosen = {"script": ""}
        else:
            return
        cleaned.update(unchosen)
        for name in unchosen:
            self.errors.pop(name, None)

    def clean_audio_file(self) -> "UploadedFile[Any] | None":
        upload: UploadedFile[Any] | None = self.cleaned_data.get("audio_file")
        if self.upload_failure:
            raise forms.ValidationError(UPLOAD_FAILURES.get(self.upload_failure, self.upload_failure))
        if not upload:
            return None
        try:
            self.audio_facts = inspect(upload.file)  # type: ignore[arg-type]
        except AudioProblem as problem:
            raise forms.ValidationError(str(problem)) from None
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("remove_audio"):
            cleaned["audio"] = None
        return cleaned

    def given_recording(self) -> AudioFile | None:
        """The recording given in this form, for `spec_rules`; for an upload, an unsaved row."""
        upload = self.cleaned_data.get("audio_file")
        audio: AudioFile | None = AudioFile(name=upload.name) if upload else self.cleaned_data.get("audio")
        return audio

    def keep_upload(self) -> AudioFile | None:
        """Store a valid upload even if other fields have errors, so that it need not be sent again.

        Raises OSError, and NoRoom when others' uploads have taken the room meanwhile.
        """
        upload = self.cleaned_data.get("audio_file")
        if upload and self.audio_facts:
            facts = self.audio_facts
            with transaction.atomic():  # of several at once, one after the other is measured
                list(Workspace.objects.select_for_update(no_key=True).filter(pk=self.workspace.pk))
                list(User.objects.select_for_update(no_key=True).filter(pk=self.user.pk))
                room = quota_room(self.workspace, self.user)
                if (upload.size or 0) > room.size:
                    raise NoRoom(room.message)
                return AudioFile.keep(
                    self.workspace,
                    upload,
                    extension=facts.extension,
                    seconds=facts.seconds,
                    is_silent=facts.is_silent,
                    by=self.user,
                )
        audio: AudioFile | None = self.cleaned_data.get("audio")
        return audio

    def kept_audio(self) -> AudioFile | None:
        """The recording uploaded earlier, for display in the form."""
        if self.is_bound and self.cleaned_data.get("remove_audio"):
            return None
        try:
            audio: AudioFile | None = self.fields["audio"].clean(self["audio"].value())
        except forms.ValidationError:
            return None
        return audio
