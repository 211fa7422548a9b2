from .approval_request import ApprovalRequest
from .certificate import Certificate, CertificateKey
from .change_draft import ChangeDraft
from .comment import Comment
from .verdict import Verdict, VerdictKind
from .vote import Vote

__all__ = [
    "ApprovalRequest",
    "Certificate",
    "CertificateKey",
    "ChangeDraft",
    "Comment",
    "Verdict",
    "VerdictKind",
    "Vote",
]
