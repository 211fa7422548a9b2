"""The form for creating a video. A draft can hold anything; generating requires everything that Tavus requires."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tavusweb.forms import TextField, WebAddressField
from tavusweb.keys.models import Replica
from tavusweb.reachability import tavus_can_fetch
from tavusweb.text_policy import is_blank

from .. import checks, spec_rules
from ..drafts import replica_name
from ..models import Video
from ..naming import title_from
from ..spec import LONGEST_SCRIPT, VideoSpec
from .recording import RecordingForm, SpeakFrom

# Choices without an empty option. A browser does not send those that are hidden.
CHOICES = [field.name for field in Video._meta.fields if field.name in VideoSpec.names() and field.choices]


class VideoForm(RecordingForm, forms.ModelForm):  # type: ignore[type-arg]
    title = TextField(
        max_length=120,
        required=False,
        help_text=gettext_lazy("Leave blank to use the first words of the script."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    replica_id = TextField(
        label=gettext_lazy("Replica"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Choose a replica or paste a Tavus replica ID."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    script = TextField(
        max_length=LONGEST_SCRIPT,
        required=False,
        strip=False,
        is_long=True,
        widget=forms.Textarea(attrs={"rows": 8, "data-count-of": "script_count"}),
    )
    background_url = WebAddressField(
        label=gettext_lazy("Background URL"), help_text=gettext_lazy("Public URL of a web page or a video file.")
    )
    watermark_image_url = WebAddressField(
        label=gettext_lazy("Watermark image URL"),
        help_text=gettext_lazy("Public URL of a PNG or JPEG to show on top of the video."),
    )

    class Meta:
        model = Video
        fields = VideoSpec.names()
        help_texts = {
            "fast": gettext_lazy("Renders faster, without custom background, thumbnail or streaming."),
            "transparent_background": gettext_lazy("Requires fast render. Exports WebM."),
            "start_with_wave": gettext_lazy("Some stock replicas wave before they speak."),
        }

    def __init__(self, *args: Any, as_draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.as_draft = as_draft
        self._set_up_keys()
        for name in CHOICES:
            self.fields[name].required = False
        if as_draft:
            self._loosen()

    def _set_up_keys(self) -> None:
        """Hide the field when there is only one key to choose."""
        usable = self.workspace.api_keys.to_make_with()
        keys = list(usable)
        ids = {str(key.pk) for key in keys}
        field = self.fields["api_key"]
        field.queryset = usable  # type: ignore[attr-defined]
        field.empty_label = None  # type: ignore[attr-defined]
        field.required = False
        field.error_messages["invalid_choice"] = _("This API key is frozen or deleted. Choose another one.")
        if keys and str(self.initial.get("api_key")) not in ids:
            self.initial["api_key"] = keys[0].pk
        # The error about a key that is no longer available needs a visible field.
        if len(keys) < 2 and (self.data.get("api_key") or "") in ids | {""}:
            field.widget = forms.HiddenInput()
        self.only_key = keys[0] if len(keys) == 1 else None
        self.has_keys = bool(keys)

    def _loosen(self) -> None:
        """Accept incomplete URLs in a draft; they are checked when the video is generated."""
        for name in spec_rules.ADDRESSES:
            self.fields[name] = TextField(max_length=2000, required=False)

    # One field at a time.

    def clean_replica_id(self) -> str:
        """Return the replica's ID, also when its name was entered."""
        given: str = self.cleaned_data["replica_id"]
        if not given or self.as_draft:
            return given
        key = self.cleaned_data.get("api_key") or self.only_key
        matches = checks.replicas_named(key, given)
        if len(matches) > 1:
            raise forms.ValidationError(_("Several replicas have this name. Choose one or paste its ID."))
        finding = checks.replica_check(key, given, matches[0] if matches else None) if key else None
        if finding and finding.refuses and spec_rules.TAVUS_ID.fullmatch(given):
            raise forms.ValidationError(finding.message)
        return matches[0].replica_id if matches else given

    def clean_script(self) -> str:
        """Keep the text as typed. White space alone counts as empty, except in a draft."""
        script: str = self.cleaned_data["script"]
        return script if self.as_draft or not is_blank(script) else ""

    # All together.

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.drop_unchosen(cleaned, keep_script=self.as_draft)
        defaults = {"api_key": self.only_key} | {name: self.fields[name].initial for name in CHOICES}
        for name in defaults.keys() - self.errors.keys():
            cleaned[name] = cleaned.get(name) or defaults[name]
        if not self.as_draft:
            self._apply_rules()
            if not cleaned.get("title") and "title" not in self.errors:
                cleaned["title"] = title_from(cleaned.get("script", ""))
        return cleaned

    def _apply_rules(self) -> None:
        cleaned = self.cleaned_data | {"audio": self.given_recording()}
        spec = VideoSpec(**{name: cleaned[name] for name in VideoSpec.names() if name in cleaned})
        key = spec.api_key
        problems = spec_rules.problems(
            spec,
            site_url=settings.SITE_URL,
            can_fetch=lambda address: key is None or tavus_can_fetch(address, by_sandbox=key.is_sandbox),
            wrong=["audio" if name == "audio_file" else name for name in self.errors],
        )
        if "api_key" in problems and not self.has_keys:
            del problems["api_key"]
            self.add_error(None, _("This workspace has no usable API key. Save this video as a draft."))
        if "script" in problems and cleaned.get("speak_from") == SpeakFrom.RECORDING:
            problems["audio"] = _("Add a recording, or choose Script.")
            del problems["script"]
        for name, problem in problems.items():
            self.add_error("audio_file" if name == "audio" else name, problem)

    def _post_clean(self) -> None:
        """Skip model validation, which would reject a draft's incomplete URL. `actions.save_draft` writes the row."""

    def chosen_replica(self) -> Replica | None:
        """The replica chosen in the form, as last read with its key."""
        shown = self.cleaned_data if self.is_bound else self.initial
        return Replica.objects.filter(api_key=shown.get("api_key"), replica_id=shown.get("replica_id") or "").first()

    def spec_so_far(self) -> VideoSpec:
        """What is asked for so far, for `checks`: in the form as it came in, or as it is shown."""
        if self.is_bound:
            return VideoSpec(**{n: v for n, v in self.cleaned_data.items() if n in VideoSpec.names() and v is not None})
        key = self.fields["api_key"].queryset.filter(pk=self.initial.get("api_key")).first()  # type: ignore[attr-defined]
        given = {name: self.initial[name] for name in VideoSpec.names() if self.initial.get(name) not in {None, ""}}
        return VideoSpec(**given | {"api_key": key, "audio": self.kept_audio()})

    def spec_changes(self) -> dict[str, Any]:
        """The video's fields as filled in, without those that have an error."""
        changes = {name: self.cleaned_data[name] for name in VideoSpec.names() if name in self.cleaned_data}
        return changes | {"replica_name": replica_name(changes)}
