"""Parse a pasted list of recipients: addresses or names, one per line, such as “Ada <ada@example.com>”. Pure."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from tavusweb.text_policy import as_line, cut, fold, is_blank

MOST = 500  # recipients of one list
LONGEST_NAME = 80
LONGEST_QUOTE = 60  # characters of a line that is named

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]+)>")


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person with a name, an address, or both."""

    name: str = ""
    email: str = ""

    @property
    def label(self) -> str:
        return self.name or self.email

    @property
    def key(self) -> str:
        """The identity of a recipient for finding duplicates: the address, else the name."""
        return self.email or fold(self.name)


@dataclass(slots=True)
class Recipients:
    """The result of parsing: distinct people, a sentence for each unreadable line, and the number of duplicates."""

    people: list[Recipient] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    duplicates: int = 0


def read_recipients(text: str, *, needs_email: bool = False) -> Recipients:
    """Parse the list. With `needs_email`, a name alone is not enough."""
    found, seen = Recipients(), set[str]()
    for number, line in enumerate(text.splitlines(), 1):
        for part in _parts(line):
            recipient = _read(part)
            if recipient is None:
                words = _("Line %(number)d: “%(line)s” isn’t an email address or a name.")
                found.problems.append(words % {"number": number, "line": cut(part, LONGEST_QUOTE, end="…")})
            elif needs_email and not recipient.email:
                words = _("Line %(number)d: “%(line)s” has no email address.")
                found.problems.append(words % {"number": number, "line": cut(part, LONGEST_QUOTE, end="…")})
            elif recipient.key in seen:
                found.duplicates += 1
            else:
                seen.add(recipient.key)
                found.people.append(recipient)
    if len(found.people) > MOST:
        words = _("Use at most %(limit)d recipients. This list has %(count)d.")
        found.problems.insert(0, words % {"limit": MOST, "count": len(found.people)})
    return found


def _parts(line: str) -> list[str]:
    """Return the entries of a line: mail programs separate several by semicolons, or by commas between bare addresses."""
    entries = [as_line(entry) for entry in line.split(";")]
    split = []
    for entry in entries:
        by_comma = [as_line(each) for each in entry.split(",") if not is_blank(each)]
        are_addresses = len(by_comma) > 1 and all("@" in each for each in by_comma)
        split += by_comma if are_addresses else [entry]
    return [entry for entry in split if not is_blank(entry)]


def _read(entry: str) -> Recipient | None:
    if match := _NAMED.fullmatch(entry):
        name, email = match["name"].strip().strip("\"'“”").strip(), match["email"].strip()
    elif "@" in entry:
        name, email = "", entry
    else:
        name, email = entry, ""
    if len(name) > LONGEST_NAME or "<" in name or ">" in name:
        return None
    if email:
        try:
            validate_email(email)
        except ValidationError:
            return None
    return Recipient(name, email.lower())
