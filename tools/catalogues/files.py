"""Read and write catalogues without gettext: `.po`, which translators edit, and `.mo`, which the program reads.

Supports only what these catalogues use: no contexts, no obsolete entries.
"""

import ast
import json
import re
import struct
from dataclasses import dataclass, field

from .sources import Message

MAGIC = 0x950412DE
PLURALS = re.compile(r"nplurals=(\d+)")
FIELD = re.compile(r'(msgid|msgid_plural|msgstr(?:\[\d+\])?) (".*")')


class Unreadable(Exception):
    """Raised for a line that does not belong in a catalogue."""


@dataclass
class Catalogue:
    """A catalogue. `comments` precede the header; each message has one text, or one per plural form."""

    header: str = ""
    comments: list[str] = field(default_factory=list)
    texts: dict[Message, list[str]] = field(default_factory=dict)
    fuzzy: set[Message] = field(default_factory=set)

    @property
    def plurals(self) -> int:
        match = PLURALS.search(self.header)
        return int(match[1]) if match else 0


def read(text: str) -> Catalogue:
    catalogue = Catalogue()
    for block in re.split(r"\n\s*\n", text.strip()):
        _read_entry(block.splitlines(), catalogue)
    return catalogue


def _read_entry(lines: list[str], catalogue: Catalogue) -> None:
    fields: dict[str, str] = {}
    comments, name = [], ""
    for line in lines:
        if line.startswith("#"):
            comments.append(line)
        elif match := FIELD.fullmatch(line):
            name = match[1]
            fields[name] = _unquoted(match[2])
        elif line.startswith('"') and name:
            fields[name] += _unquoted(line)
        else:
            raise Unreadable(line)
    if not fields:
        return
    texts = [text for name, text in fields.items() if name.startswith("msgstr")]
    if "msgid" not in fields or not texts:
        raise Unreadable("\n".join(lines))
    if not fields["msgid"]:
        catalogue.header, catalogue.comments = texts[0], comments
        return
    message = Message(fields["msgid"], fields.get("msgid_plural", ""))
    catalogue.texts[message] = texts
    if any(line.startswith("#,") and "fuzzy" in line for line in comments):
        catalogue.fuzzy.add(message)


def _unquoted(line: str) -> str:
    try:
        return str(ast.literal_eval(line))
    except (SyntaxError, ValueError):
        raise Unreadable(line) from None


def write(catalogue: Catalogue, messages: dict[Message, list[str]]) -> str:
    """Return the `.po` for these messages with the catalogue's translations; new messages have empty texts."""
    header = [*catalogue.comments, 'msgid ""', 'msgstr ""']
    blocks = ["\n".join([*header, *(_quoted(line) for line in catalogue.header.splitlines(keepends=True))])]
    for message, places in messages.items():
        lines = [f"#: {place}" for place in places]
        if message in catalogue.fuzzy:
            lines.append("#, fuzzy")
        lines.append(f"msgid {_quoted(message.text)}")
        if message.plural:
            texts = catalogue.texts.get(message, [""] * catalogue.plurals)
            lines.append(f"msgid_plural {_quoted(message.plural)}")
            lines += [f"msgstr[{form}] {_quoted(text)}" for form, text in enumerate(texts)]
        else:
            lines.append(f"msgstr {_quoted(catalogue.texts.get(message, [''])[0])}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def compiled(catalogue: Catalogue) -> bytes:
    """Return the `.mo` in GNU gettext's format, sorted, without a hash table."""
    pairs = {"": catalogue.header}
    for message, texts in catalogue.texts.items():
        if all(texts) and message not in catalogue.fuzzy:
            pairs["\0".join(filter(None, message))] = "\0".join(texts)
    entries = sorted((key.encode(), text.encode()) for key, text in pairs.items())
    count, head = len(entries), 28
    data, tables = b"", ([], [])  # type: tuple[bytes, tuple[list[int], list[int]]]
    for column in (0, 1):
        for entry in entries:
            tables[column].extend((len(entry[column]), head + 16 * count + len(data)))
            data += entry[column] + b"\0"
    numbers = [MAGIC, 0, count, head, head + 8 * count, 0, head + 16 * count, *tables[0], *tables[1]]
    return struct.pack(f"<{len(numbers)}I", *numbers) + data
