from ..trail import AuditChain, AuditEvent
from .invitation import INVITATION_LASTS, Invitation, token_hash
from .workspace import KEEP_TRAIL, LastOwner, Membership, Requirement, Workspace, unless_last_owner

__all__ = [
    "INVITATION_LASTS",
    "KEEP_TRAIL",
    "AuditChain",
    "AuditEvent",
    "Invitation",
    "LastOwner",
    "Membership",
    "Requirement",
    "Workspace",
    "token_hash",
    "unless_last_owner",
]
