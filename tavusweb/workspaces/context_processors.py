"""Context of a workspace's sidebar."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tavusweb.accounts.models import User
from tavusweb.notify.queries import unread_column

from .creation import may_create
from .models import Workspace
from .permissions import Permissions

SECTIONS = (
    (_("Videos"), "videos", "video"),
    (_("Inbox"), "inbox", "inbox"),
    (_("Replicas"), "replicas", "user"),
    (_("Shared links"), "shared_links", "link"),
    (_("API keys"), "keys", "key"),
    (_("Members"), "members", "users"),
    (_("Settings"), "workspace_settings", "settings"),
)


@dataclass(frozen=True)
class WorkspaceLink:
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    icon: str
    is_current: bool
    has_count: bool = False


def context(request: HttpRequest) -> dict[str, Any]:
    """`workspace`, `nav_items`, `can`, `inbox_unread` and `my_workspaces` on a workspace's pages; nothing elsewhere.

    `my_workspaces` and `inbox_unread` are lazy: only a template that draws the shell pays for them.
    """
    workspace = getattr(request, "workspace", None)
    if workspace is None:
        return {}
    # Lazy, and asked once, however often a template asks.
    shell = cache(lambda: _shell(request.user, workspace))  # type: ignore[arg-type]
    path = request.path
    items = []
    for label, name, icon in SECTIONS:
        url = reverse(name, args=[workspace.slug])
        items.append(Item(str(label), url, icon, path.startswith(url), name == "inbox"))
    return {
        "workspace": workspace,
        "membership": request.membership,  # type: ignore[attr-defined]
        "nav_items": items,
        "can": Permissions(request.membership.role),  # type: ignore[attr-defined]
        "inbox_unread": lambda: shell()[1],
        "may_create": lambda: may_create(request.user),  # type: ignore[arg-type]
        "my_workspaces": lambda: shell()[0],
    }


def _shell(user: User, workspace: Workspace) -> tuple[list[WorkspaceLink], int]:
    """The workspaces to switch to, and the number of unread notices in this one. One query."""
    rows = list(Workspace.objects.of(user).annotate(unread=unread_column(user, workspace)))
    return [WorkspaceLink(each.name, each.url, each == workspace) for each in rows], rows[0].unread if rows else 0
