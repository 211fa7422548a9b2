from .approval_request import ApprovalRequest
from .certificate import Certificate, CertificateKey
from .comment import Comment
from .verdict import Verdict, VerdictKind

__all__ = ["ApprovalRequest", "Certificate", "CertificateKey", "Comment", "Verdict", "VerdictKind"]
