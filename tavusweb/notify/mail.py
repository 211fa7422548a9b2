"""Whether mail can be sent, and what makes the text of strangers harmless in one."""

import re

from django.conf import settings

_DOT = re.compile(r"(?<=\w)\.(?=\w)")
_APART = "\u200b"  # a zero-width space
# What the program wrote itself, or what must stay exact.
KEPT = frozenset({"submission", "due", "at", "day"})


def sends_mail() -> bool:
    """Whether this server can send mail. Without a mail server, mail is printed, and links must not be logged."""
    return not settings.EMAIL_BACKEND.endswith("console.EmailBackend")


def without_links(text: str) -> str:
    """Text in which no mail program finds an address to turn into a link."""
    return _DOT.sub(f".{_APART}", text.replace("://", f":{_APART}//").replace("@", f"@{_APART}"))


def harmless(data: dict[str, object]) -> dict[str, object]:
    """The data of a notice for a mail, which anybody may have written."""
    return {
        name: without_links(value) if isinstance(value, str) and name not in KEPT else value
        for name, value in data.items()
    }
