"""Who may do what: the only place where a role is compared with an act."""

from django.db import models


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    EDITOR = "editor", "Editor"
    REVIEWER = "reviewer", "Reviewer"
    VIEWER = "viewer", "Viewer"


class Act(models.TextChoices):
    WATCH = "watch"
    COMMENT = "comment"
    MAKE = "make"
    SHARE = "share"
    MANAGE_KEYS = "manage_keys"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_SETTINGS = "manage_settings"
    READ_TRAIL = "read_trail"
    OWN = "own"


_VIEWER = frozenset({Act.WATCH})
_REVIEWER = _VIEWER | {Act.COMMENT}
_EDITOR = _REVIEWER | {Act.MAKE, Act.SHARE}
_ADMIN = _EDITOR | {Act.MANAGE_KEYS, Act.MANAGE_MEMBERS, Act.MANAGE_SETTINGS, Act.READ_TRAIL}
_OWNER = _ADMIN | {Act.OWN}

ALLOWED: dict[Role, frozenset[Act]] = {
    Role.VIEWER: _VIEWER,
    Role.REVIEWER: _REVIEWER,
    Role.EDITOR: _EDITOR,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _OWNER,
}

# Whose role somebody who manages members may change, and to what.
GRANTS: dict[Role, frozenset[Role]] = {
    Role.ADMIN: frozenset(Role) - {Role.OWNER},
    Role.OWNER: frozenset(Role),
}


def may(role: str, act: Act) -> bool:
    return act in ALLOWED.get(Role(role), frozenset())


def granted_by(role: str) -> frozenset[Role]:
    """The roles that a member with `role` may invite somebody to."""
    return GRANTS.get(Role(role), frozenset())


def may_grant(role: str, *granted: str) -> bool:
    """Whether a member with `role` may give and take every one of `granted`."""
    return granted_by(role).issuperset(granted)


class Permissions:
    """The acts of one role as attributes for templates: `can.make`, `can.share`."""

    def __init__(self, role: str) -> None:
        self._acts = ALLOWED[Role(role)]

    def __getattr__(self, name: str) -> bool:
        try:
            return Act(name) in self._acts
        except ValueError:
            raise AttributeError(name) from None
