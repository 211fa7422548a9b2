"""Create, rename and delete folders and tags. Their videos stay."""

from django.db import transaction
from django.utils.translation import gettext as _

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.text_policy import as_line, cut, fold, is_blank
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from ..models import Folder, Tag
from ..models.label import LONGEST_LABEL, MOST_LABELS

Kind = type[Folder] | type[Tag]
CREATED: dict[Kind, AuditAction] = {Folder: AuditAction.FOLDER_CREATED, Tag: AuditAction.TAG_CREATED}
RENAMED: dict[Kind, AuditAction] = {Folder: AuditAction.FOLDER_RENAMED, Tag: AuditAction.TAG_RENAMED}
DELETED: dict[Kind, AuditAction] = {Folder: AuditAction.FOLDER_DELETED, Tag: AuditAction.TAG_DELETED}


class BadName(Exception):
    """The name cannot be given. The message says why."""


@transaction.atomic
def add_label(actor: Actor, workspace: Workspace, kind: Kind, name: str) -> Folder | Tag:
    """Create a folder or a tag, or return the one of that name. Raises BadName, PermissionDenied."""
    confirm_permission(actor, workspace, Permission.MAKE)
    return find_or_add(actor, workspace, kind, name)


def find_or_add(actor: Actor, workspace: Workspace, kind: Kind, name: str) -> Folder | Tag:
    """Return the folder or tag of that name, or create it. The caller holds the workspace."""
    name = _checked(name)
    rows = kind.objects.filter(workspace=workspace)
    if found := rows.filter(name_folded=fold(name)).first():
        return found
    if rows.count() >= MOST_LABELS:
        raise BadName(_("A workspace can have %(count)d. Delete one first.") % {"count": MOST_LABELS})
    label = kind.objects.create(workspace=workspace, name=name)
    record(actor, CREATED[kind], workspace=workspace, target=label)
    return label


@transaction.atomic
def rename_label(actor: Actor, label: Folder | Tag, name: str) -> None:
    """Raises BadName, PermissionDenied."""
    confirm_permission(actor, label.workspace, Permission.MAKE)
    name, kind = _checked(name), type(label)
    others = kind.objects.filter(workspace=label.workspace, name_folded=fold(name)).exclude(pk=label.pk)
    if others.exists():
        raise BadName(_("This name is taken. Choose another one."))
    before, after = {"name": label.name}, {"name": name}
    if kind.objects.filter(pk=label.pk).update(name=name) and before != after:
        record(actor, RENAMED[kind], workspace=label.workspace, target=label, before=before, after=after)


@transaction.atomic
def delete_label(actor: Actor, label: Folder | Tag) -> None:
    """Delete a folder or a tag; its videos stay. Raises PermissionDenied."""
    confirm_permission(actor, label.workspace, Permission.MAKE)
    kind, before = type(label), {"videos": label.entries.count()}
    record(actor, DELETED[kind], workspace=label.workspace, target=label, before=before)
    label.delete()


def _checked(name: str) -> str:
    name = cut(as_line(name), LONGEST_LABEL)
    if is_blank(name):
        raise BadName(_("Enter a name."))
    return name
