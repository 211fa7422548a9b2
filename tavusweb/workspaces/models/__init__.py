from ..trail import AuditChain, AuditEvent
from .domain import JoinDomain
from .invitation import TERMS, USUAL_TERM, Invitation, token_hash
from .workspace import KEEP_TRAIL, LastOwner, Membership, Requirement, Workspace, unless_last_owner

__all__ = [
    "KEEP_TRAIL",
    "TERMS",
    "USUAL_TERM",
    "AuditChain",
    "AuditEvent",
    "Invitation",
    "JoinDomain",
    "LastOwner",
    "Membership",
    "Requirement",
    "Workspace",
    "token_hash",
    "unless_last_owner",
]
