"""What people do to the members of a workspace, and to the workspace itself."""

from .domains import allow_domain, join_by_domain, remove_domain
from .granting import Moved
from .invitations import accept, accept_as_newcomer, create_account, invite, renew, revoke
from .members import add_member, change_role, hand_over, leave, remove
from .workspace import StillAtWork, change_settings, delete_workspace, export_audit_log

__all__ = [
    "Moved",
    "StillAtWork",
    "accept",
    "accept_as_newcomer",
    "add_member",
    "allow_domain",
    "change_role",
    "change_settings",
    "create_account",
    "delete_workspace",
    "export_audit_log",
    "hand_over",
    "invite",
    "join_by_domain",
    "leave",
    "remove",
    "remove_domain",
    "renew",
    "revoke",
]
