"""Mail availability, and defusing of untrusted text in mails."""

import re

from django.conf import settings

_DOT = re.compile(r"(?<=\w)\.(?=\w)")
_APART = "\u200b"  # a zero-width space
# Written by the program itself, or needed verbatim.
KEPT = frozenset({"submission", "due", "at", "day"})


def sends_mail() -> bool:
    """Return whether this server can send mail. Otherwise mail is printed, and links must not be logged."""
    return not settings.EMAIL_BACKEND.endswith("console.EmailBackend")


def without_links(text: str) -> str:
    """Break up addresses in a text so that mail programs do not turn them into links."""
    return _DOT.sub(f".{_APART}", text.replace("://", f":{_APART}//").replace("@", f"@{_APART}"))


def harmless(data: dict[str, object]) -> dict[str, object]:
    """Return a notice's data for a mail, with untrusted text defused."""
    return {
        name: without_links(value) if isinstance(value, str) and name not in KEPT else value
        for name, value in data.items()
    }
