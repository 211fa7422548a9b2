from .domain import JoinDomain
from .invitation import TERMS, USUAL_TERM, Invitation, mailed, token_hash, was_mailed
from .membership import LastOwner, Membership, unless_last_owner, without_whom_no_owner
from .workspace import KEEP_AUDIT_CHOICES, RETIRED_FOR, Requirement, RetiredSlug, Workspace

__all__ = [
    "KEEP_AUDIT_CHOICES",
    "RETIRED_FOR",
    "TERMS",
    "USUAL_TERM",
    "Invitation",
    "JoinDomain",
    "LastOwner",
    "Membership",
    "Requirement",
    "RetiredSlug",
    "Workspace",
    "mailed",
    "token_hash",
    "unless_last_owner",
    "was_mailed",
    "without_whom_no_owner",
]
