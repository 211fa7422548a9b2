from .answers import ApproveForm, ChangesForm, CommentForm
from .gate import CodeForm, EmailForm, PasswordForm
from .rules import RulesForm

__all__ = ["ApproveForm", "ChangesForm", "CodeForm", "CommentForm", "EmailForm", "PasswordForm", "RulesForm"]
