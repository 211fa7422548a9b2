"""Actions on a workspace's link presets."""

from typing import Any

from django.db import transaction

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from ..models import SharePreset
from ..models.preset import MOST_PRESETS


class NameTaken(Exception):
    """Another preset of the workspace has this name, ignoring case."""


class TooManyPresets(Exception):
    """The workspace has reached its preset limit."""


@transaction.atomic
def save_preset(actor: Actor, workspace: Workspace, name: str, values: dict[str, Any]) -> SharePreset:
    """Save rules as a preset, replacing one of the same name. Raises TooManyPresets, PermissionDenied."""
    confirm_permission(actor, workspace, Permission.SHARE)
    presets = workspace.share_presets
    preset = presets.filter(name__iexact=name).first() or SharePreset(workspace=workspace)
    if preset.pk is None and presets.count() >= MOST_PRESETS:
        raise TooManyPresets
    preset.name, preset.values = name, values
    preset.save()
    record(actor, AuditAction.SHARE_PRESET_SAVED, workspace=workspace, target=preset, after=values)
    return preset


@transaction.atomic
def rename_preset(actor: Actor, preset: SharePreset, name: str) -> None:
    """Rename a preset. Raises NameTaken, PermissionDenied."""
    confirm_permission(actor, preset.workspace, Permission.SHARE)
    if preset.workspace.share_presets.filter(name__iexact=name).exclude(pk=preset.pk).exists():
        raise NameTaken
    before, preset.name = preset.name, name
    preset.save(update_fields=["name"])
    _record_change(actor, preset, {"name": before}, {"name": name})


@transaction.atomic
def make_preset_default(actor: Actor, workspace: Workspace, preset: SharePreset | None) -> None:
    """Set or clear the workspace's default preset. Raises PermissionDenied."""
    confirm_permission(actor, workspace, Permission.MANAGE_SETTINGS)
    before = workspace.share_presets.filter(is_default=True).first()
    workspace.share_presets.filter(is_default=True).update(is_default=False)
    if preset:
        workspace.share_presets.filter(pk=preset.pk).update(is_default=True)
    if before != preset:
        names = {"default": before.name if before else ""}, {"default": preset.name if preset else ""}
        record(actor, AuditAction.SHARE_PRESET_CHANGED, workspace=workspace, before=names[0], after=names[1])


@transaction.atomic
def delete_preset(actor: Actor, preset: SharePreset) -> None:
    """Delete a preset; links created from it are not changed. Raises PermissionDenied."""
    confirm_permission(actor, preset.workspace, Permission.SHARE)
    record(actor, AuditAction.SHARE_PRESET_DELETED, workspace=preset.workspace, target=preset)
    preset.delete()


def _record_change(actor: Actor, preset: SharePreset, before: dict[str, Any], after: dict[str, Any]) -> None:
    record(
        actor,
        AuditAction.SHARE_PRESET_CHANGED,
        workspace=preset.workspace,
        target=preset,
        before=before,
        after=after,
    )
