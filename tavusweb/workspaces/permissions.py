"""What each role can do: the only place where a role is compared with a permission."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    EDITOR = "editor", _("Editor")
    REVIEWER = "reviewer", _("Reviewer")
    VIEWER = "viewer", _("Viewer")


class Permission(StrEnum):
    WATCH = "watch"
    COMMENT = "comment"
    MAKE = "make"
    SHARE = "share"
    MANAGE_KEYS = "manage_keys"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_SETTINGS = "manage_settings"
    READ_AUDIT_LOG = "read_audit_log"
    OWN = "own"


_VIEWER = frozenset({Permission.WATCH})
_REVIEWER = _VIEWER | {Permission.COMMENT}
_EDITOR = _REVIEWER | {Permission.MAKE, Permission.SHARE}
_ADMIN = _EDITOR | {
    Permission.MANAGE_KEYS,
    Permission.MANAGE_MEMBERS,
    Permission.MANAGE_SETTINGS,
    Permission.READ_AUDIT_LOG,
}
_OWNER = _ADMIN | {Permission.OWN}

ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.REVIEWER: _REVIEWER,
    Role.EDITOR: _EDITOR,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _OWNER,
}

# The roles that a member who manages members can change, and change to.
GRANTABLE_ROLES: dict[Role, frozenset[Role]] = {
    Role.ADMIN: frozenset(Role) - {Role.OWNER},
    Role.OWNER: frozenset(Role),
}


def can(role: str, permission: Permission) -> bool:
    return permission in ALLOWED.get(Role(role), frozenset())


def grantable_by(role: str) -> frozenset[Role]:
    """The roles that a member with `role` can give to others."""
    return GRANTABLE_ROLES.get(Role(role), frozenset())


def can_grant(role: str, *granted: str) -> bool:
    """Whether a member with `role` can give and take every one of `granted`."""
    return grantable_by(role).issuperset(granted)


class Permissions:
    """The permissions of one role as attributes for templates: `can.make`, `can.share`."""

    def __init__(self, role: str) -> None:
        self._permissions = ALLOWED[Role(role)]

    def __getattr__(self, name: str) -> bool:
        try:
            return Permission(name) in self._permissions
        except ValueError:
            raise AttributeError(name) from None
