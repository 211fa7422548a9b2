"""Who may do what: the only place where a role is compared with an act."""

from django.db import models


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    EDITOR = "editor", "Editor"
    REVIEWER = "reviewer", "Reviewer"
    VIEWER = "viewer", "Viewer"


class Permission(models.TextChoices):
    WATCH = "watch"
    COMMENT = "comment"
    MAKE = "make"
    SHARE = "share"
    MANAGE_KEYS = "manage_keys"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_SETTINGS = "manage_settings"
    READ_TRAIL = "read_trail"
    OWN = "own"


_VIEWER = frozenset({Permission.WATCH})
_REVIEWER = _VIEWER | {Permission.COMMENT}
_EDITOR = _REVIEWER | {Permission.MAKE, Permission.SHARE}
_ADMIN = _EDITOR | {
    Permission.MANAGE_KEYS,
    Permission.MANAGE_MEMBERS,
    Permission.MANAGE_SETTINGS,
    Permission.READ_TRAIL,
}
_OWNER = _ADMIN | {Permission.OWN}

ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.REVIEWER: _REVIEWER,
    Role.EDITOR: _EDITOR,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _OWNER,
}

# Whose role somebody who manages members may change, and to what.
GRANTABLE_ROLES: dict[Role, frozenset[Role]] = {
    Role.ADMIN: frozenset(Role) - {Role.OWNER},
    Role.OWNER: frozenset(Role),
}


def can(role: str, act: Permission) -> bool:
    return act in ALLOWED.get(Role(role), frozenset())


def granted_by(role: str) -> frozenset[Role]:
    """The roles that a member with `role` may invite somebody to."""
    return GRANTABLE_ROLES.get(Role(role), frozenset())


def may_grant(role: str, *granted: str) -> bool:
    """Whether a member with `role` may give and take every one of `granted`."""
    return granted_by(role).issuperset(granted)


class Permissions:
    """The acts of one role as attributes for templates: `can.make`, `can.share`."""

    def __init__(self, role: str) -> None:
        self._acts = ALLOWED[Role(role)]

    def __getattr__(self, name: str) -> bool:
        try:
            return Permission(name) in self._acts
        except ValueError:
            raise AttributeError(name) from None
