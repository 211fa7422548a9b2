"""Forms for presets, and for a new link that starts from one."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.accounts.adapters import sends_mail
from tavusweb.forms import TextField
from tavusweb.workspaces.models import Workspace

from ..link_policy import LinkPolicy
from ..models import SharePreset, policy_of
from ..starting_values import starting_values
from .rules import RulesForm

NO_PRESET = SharePreset(values={})


class PresetNameForm(forms.Form):
    preset_name = TextField(
        label=_("Preset name"), max_length=80, error_messages={"required": _("Enter a name for the preset.")}
    )


def chosen_preset(
    workspace: Workspace, asked: Mapping[str, str]
) -> tuple[list[SharePreset], SharePreset | None, SharePreset]:
    """Return all presets, the one that `?preset=` names, and the one that a new link's form starts from."""
    presets = list(workspace.share_presets.all())
    preset = next((each for each in presets if str(each.pk) == asked.get("preset", "")), None)
    return presets, preset, preset or next((each for each in presets if each.is_default), None) or NO_PRESET


def new_link_form(
    workspace: Workspace,
    data: Any = None,
    *,
    preset: SharePreset | None = None,
    policy: LinkPolicy | None = None,
    without: Iterable[str] = (),
    **kwargs: Any,
) -> RulesForm:
    """Return the form of a new link, filled in from `preset` or the workspace's default, within its policy.

    Pass `NO_PRESET` where it is known that there is no default, and the workspace's policy where it was read.
    """
    policy = policy or policy_of(workspace)
    preset = preset or workspace.share_presets.filter(is_default=True).first()
    start = starting_values(preset.values if preset else {}, policy, timezone.now(), sends_mail=sends_mail())
    form = RulesForm(data, policy=policy, start=start, **kwargs)
    for name in without:
        del form.fields[name]
    return form
