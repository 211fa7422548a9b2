"""Context of a workspace's sidebar."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tavusweb.notify.queries import unread_count

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
        "inbox_unread": cache(lambda: unread_count(request.user, workspace)),  # a template names it several times
        "may_create": lambda: may_create(request.user),  # type: ignore[arg-type]
        "my_workspaces": lambda: [
            WorkspaceLink(each.name, each.url, each == workspace)
            for each in Workspace.objects.of(request.user)  # type: ignore[arg-type]
        ],
    }
