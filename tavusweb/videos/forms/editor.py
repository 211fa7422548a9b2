"""The one form in which a video is made. As a draft it takes anything; to generate it asks for everything Tavus does."""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from tavusweb.accounts.models import User
from tavusweb.forms import TextField, WebAddressField
from tavusweb.keys.models import Replica
from tavusweb.uploads import NOT_STORED, TOO_LARGE
from tavusweb.workspaces.models import Workspace

from .. import spec_rules
from ..audio_inspection import AudioFacts, AudioProblem, inspect
from ..models import AudioFile, Video
from ..naming import title_from

LONGEST_SCRIPT = 50_000  # characters: over five hours of speech; Tavus advises five minutes
UPLOAD_FAILURES = {
    TOO_LARGE: "This file is larger than 750 MB, the most that Tavus takes.",
    NOT_STORED: "The recording could not be stored: this server's disk did not take it. Try again later.",
}
SPEC_FIELDS = (
    "title",
    "api_key",
    "replica_id",
    "script",
    "audio_url",
    "background",
    "background_url",
    "background_scroll",
    "background_scroll_type",
    "background_scroll_depth",
    "background_scroll_return",
    "watermark_image_url",
    "fast",
    "transparent_background",
    "start_with_wave",
)
CHOICES = ("background", "background_scroll_type", "background_scroll_depth", "background_scroll_return")


class VideoForm(forms.ModelForm):  # type: ignore[type-arg]
    title = TextField(
        max_length=120,
        required=False,
        help_text="Left empty, the first words of the script name the video.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    replica_id = forms.CharField(
        label="Replica",
        max_length=200,
        required=False,
        help_text="Choose one, or paste its id from Tavus.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    script = TextField(
        max_length=LONGEST_SCRIPT,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "data-count-of": "script_count"}),
    )
    audio_file = forms.FileField(
        label="Audio file",
        required=False,
        allow_empty_file=True,
        help_text="MP3 or WAV, 3 seconds to 10 minutes, 750 MB at most.",
        widget=forms.FileInput(
            attrs={"accept": ".mp3,.wav,audio/mpeg,audio/wav", "data-most-bytes": settings.AUDIO_MAX_BYTES}
        ),
    )
    audio = forms.ModelChoiceField(AudioFile.objects.none(), required=False, widget=forms.HiddenInput)
    remove_audio = forms.BooleanField(label="Remove the recording", required=False)
    audio_url = WebAddressField(label="Audio URL", help_text="A public address of an MP3 or WAV file.")
    background_url = WebAddressField(
        label="Background URL", help_text="A public web page, or a direct link to a video file."
    )
    watermark_image_url = WebAddressField(
        label="Watermark image URL", help_text="A public PNG or JPEG, shown on top of the video."
    )

    class Meta:
        model = Video
        fields = [*SPEC_FIELDS, "audio"]
        labels = {
            "api_key": "API key",
            "background": "Background",
            "fast": "Fast render",
            "transparent_background": "Transparent background",
            "start_with_wave": "Start with a wave",
        }
        help_texts = {
            "fast": "Ready sooner; without background, thumbnails and streaming.",
            "transparent_background": "Only with fast render. The file is a WebM.",
            "start_with_wave": "Some stock replicas wave before they speak.",
        }

    def __init__(
        self,
        *args: Any,
        workspace: Workspace,
        user: User,
        as_draft: bool = False,
        upload_failure: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        self.user = user
        self.as_draft = as_draft
        self.upload_failure = upload_failure
        self.audio_facts: AudioFacts | None = None
        self._set_up_keys()
        for name in CHOICES:  # not sent by a browser where they do not apply
            self.fields[name].required = False
        self.fields["audio"].queryset = workspace.audio_files.all()  # type: ignore[attr-defined]
        if as_draft:
            self._loosen()

    def _set_up_keys(self) -> None:
        """With a single key there is nothing to choose: the field is there, and hidden."""
        usable = self.workspace.api_keys.to_make_with()
        keys = list(usable)
        ids = {str(key.pk) for key in keys}
        field = self.fields["api_key"]
        field.queryset = usable  # type: ignore[attr-defined]
        field.empty_label = None  # type: ignore[attr-defined]
        field.required = False
        field.error_messages["invalid_choice"] = "This API key is frozen or deleted. Choose another one."
        if keys and str(self.initial.get("api_key")) not in ids:
            self.initial["api_key"] = keys[0].pk
        # One that is no longer to be had is told beside the field, which therefore shows.
        if len(keys) < 2 and (self.data.get("api_key") or "") in ids | {""}:
            field.widget = forms.HiddenInput()
        self.only_key = keys[0] if len(keys) == 1 else None
        self.has_keys = bool(keys)

    def _loosen(self) -> None:
        """A draft may hold half an address: it is checked when the video is generated."""
        for name in spec_rules.ADDRESSES:
            self.fields[name] = TextField(max_length=2000, required=False)

    # One field at a time.

    def clean_replica_id(self) -> str:
        """The id, also of a replica that was given by its name."""
        given: str = self.cleaned_data["replica_id"]
        if not given or self.as_draft:
            return given
        known = Replica.objects.filter(api_key=self.cleaned_data.get("api_key") or self.only_key)
        found = list(known.filter(replica_id=given) or known.filter(name__iexact=given)[:2])
        if len(found) > 1:
            raise forms.ValidationError("Several replicas have this name. Choose one, or paste its id.")
        if found and found[0].status == "error":
            raise forms.ValidationError(f"{found[0]} is in an error state at Tavus. Choose another replica.")
        if found:
            return found[0].replica_id
        if not spec_rules.TAVUS_ID.fullmatch(given):
            raise forms.ValidationError("This is not a replica's id: those have only letters, digits, - and _.")
        return given

    def clean_script(self) -> str:
        """As typed. Blanks alone say nothing, except in a draft."""
        script: str = self.cleaned_data["script"]
        return script if self.as_draft or script.strip() else ""

    def clean_audio_file(self) -> "UploadedFile[Any] | None":
        upload: UploadedFile[Any] | None = self.cleaned_data.get("audio_file")
        if self.upload_failure:
            raise forms.ValidationError(UPLOAD_FAILURES[self.upload_failure])
        if not upload:
            return None
        try:
            self.audio_facts = inspect(upload.file)  # type: ignore[arg-type]
        except AudioProblem as problem:
            raise forms.ValidationError(str(problem)) from None
        return upload

    def clean_audio_url(self) -> str:
        address: str = self.cleaned_data["audio_url"]
        if not self.as_draft and PurePosixPath(urlsplit(address).path).suffix.lower() in spec_rules.OTHER_MEDIA:
            raise forms.ValidationError("Tavus takes only MP3 and WAV.")
        return address

    # All together.

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        defaults = {"api_key": self.only_key} | {name: self.fields[name].initial for name in CHOICES}
        for name in defaults.keys() - self.errors.keys():
            cleaned[name] = cleaned.get(name) or defaults[name]
        if cleaned.get("remove_audio"):
            cleaned["audio"] = None
        if self.as_draft:
            return cleaned
        if cleaned.get("api_key") is None and "api_key" not in self.errors:
            self._ask_for_key()
        if not cleaned.get("replica_id") and "replica_id" not in self.errors:
            self.add_error("replica_id", "Choose a replica.")
        for rule in (spec_rules.speech, spec_rules.appearance, spec_rules.reach):
            for name, problem in list(rule(cleaned, self.errors.keys())):
                self.add_error(name, problem)
        if not cleaned.get("title") and "title" not in self.errors:
            cleaned["title"] = title_from(cleaned.get("script", ""))
        return cleaned

    def _ask_for_key(self) -> None:
        if self.has_keys:
            self.add_error("api_key", "Choose the API key that this video is made with.")
        else:
            self.add_error(None, "This workspace has no API key to make a video with. Keep it as a draft.")

    def _post_clean(self) -> None:
        """The row is written by `actions.save_draft`. The model's own validation would refuse a draft's half address."""

    def keep_upload(self) -> AudioFile | None:
        """Move a good upload to its place, whatever is wrong elsewhere, so that it need not be sent again."""
        upload = self.cleaned_data.get("audio_file")
        if upload and self.audio_facts:
            facts = self.audio_facts
            return AudioFile.keep(
                self.workspace, upload, extension=facts.extension, seconds=facts.seconds, by=self.user
            )
        audio: AudioFile | None = self.cleaned_data.get("audio")
        return audio

    def kept_audio(self) -> AudioFile | None:
        """The recording that was uploaded earlier, for the form to show."""
        if self.is_bound and self.cleaned_data.get("remove_audio"):
            return None
        try:
            kept: AudioFile | None = self.fields["audio"].clean(self["audio"].value())
        except forms.ValidationError:
            return None
        return kept

    def chosen_replica(self) -> Replica | None:
        """The replica that the form names, as its key last saw it."""
        shown = self.cleaned_data if self.is_bound else self.initial
        return Replica.objects.filter(api_key=shown.get("api_key"), replica_id=shown.get("replica_id") or "").first()

    def spec_changes(self) -> dict[str, Any]:
        """The video's fields as they were filled in, without those that have an error."""
        changes = {name: self.cleaned_data[name] for name in (*SPEC_FIELDS, "audio") if name in self.cleaned_data}
        replica = Replica.objects.filter(
            api_key=changes.get("api_key"), replica_id=changes.get("replica_id", "")
        ).first()
        return changes | {"replica_name": replica.name if replica else ""}
