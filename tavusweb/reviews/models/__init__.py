from .comment import Comment
from .verdict import Verdict, VerdictKind

__all__ = ["Comment", "Verdict", "VerdictKind"]
