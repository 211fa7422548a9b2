"""Manage presets of link rules: save a form's rules, set the default, rename and delete."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tavusweb.audit.actor import Actor
from tavusweb.videos.pages import video_page
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..forms.presets import PresetNameForm, new_link_form
from ..models import SharePreset
from ..models.preset import MOST_PRESETS
from ..starting_values import as_preset


@in_workspace(Permission.SHARE)
@require_safe
def share_presets(request: WorkspaceRequest) -> HttpResponse:
    return _page(request, None, PresetNameForm())


@in_workspace(Permission.SHARE)
@require_POST
def share_preset_save(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Save the rules in the form of a new link as a preset, and return to that form."""
    video = get_object_or_404(request.workspace.videos, pk=pk)
    form, name = new_link_form(request.workspace, request.POST, auto_id="share_%s"), PresetNameForm(request.POST)
    if not form.is_valid() or not name.is_valid():
        for words in name.errors.get("preset_name", []):
            form.add_error(None, words)
        return video_page(request, video, extra_form=form)
    values = as_preset(form.cleaned_data, timezone.now())
    try:
        preset = actions.save_preset(Actor.of(request), request.workspace, name.cleaned_data["preset_name"], values)
    except actions.TooManyPresets:
        form.add_error(None, _("A workspace can have at most %(limit)d presets.") % {"limit": MOST_PRESETS})
        return video_page(request, video, extra_form=form)
    messages.success(request, _("Preset “%(name)s” saved.") % {"name": preset.name})
    return redirect(f"{reverse('video', args=[request.workspace.slug, pk])}?preset={preset.pk}#share")


@in_workspace(Permission.SHARE)
@require_POST
def share_preset_rename(request: WorkspaceRequest, pk: int) -> HttpResponse:
    preset, form = _preset_of(request, pk), PresetNameForm(request.POST)
    if not form.is_valid():
        return _page(request, preset, form, status=422)
    try:
        actions.rename_preset(Actor.of(request), preset, form.cleaned_data["preset_name"])
    except actions.NameTaken:
        form.add_error("preset_name", _("Another preset has this name."))
        return _page(request, _preset_of(request, pk), form, status=422)
    messages.success(request, _("Preset renamed."))
    return redirect("share_presets", request.workspace.slug)


@in_workspace(Permission.MANAGE_SETTINGS)
@require_POST
def share_preset_default(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Make this preset the default for new links, or unset it if it already is."""
    preset = _preset_of(request, pk)
    actions.make_preset_default(Actor.of(request), request.workspace, None if preset.is_default else preset)
    messages.success(request, _("Default preset changed."))
    return redirect("share_presets", request.workspace.slug)


@in_workspace(Permission.SHARE)
@require_POST
def share_preset_delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    actions.delete_preset(Actor.of(request), _preset_of(request, pk))
    messages.success(request, _("Preset deleted."))
    return redirect("share_presets", request.workspace.slug)


def _preset_of(request: WorkspaceRequest, pk: int) -> SharePreset:
    return get_object_or_404(SharePreset.objects.select_related("workspace"), pk=pk, workspace=request.workspace)


def _page(
    request: WorkspaceRequest, renamed: SharePreset | None, form: PresetNameForm, *, status: int = 200
) -> HttpResponse:
    presets = request.workspace.share_presets.all()
    context = {"presets": presets, "renamed": renamed, "form": form}
    return render(request, "sharing/share_presets.html", context, status=status)
