from .approval_request import ApprovalRequest
from .comment import Comment
from .verdict import Verdict, VerdictKind

__all__ = ["ApprovalRequest", "Comment", "Verdict", "VerdictKind"]
