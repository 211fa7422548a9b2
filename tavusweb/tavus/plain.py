"""Words of the provider, made safe to store, log and show: plain text, never markup or control characters."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

MARKUP = re.compile(r"<(?:!doctype|!--|\?xml|/?[a-z][a-z0-9-]*[\s/>])", re.IGNORECASE)
# C0 and C1 controls except tab and newline, and lone surrogates: no database or terminal should meet them.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
KEYS_OF_A_MESSAGE = ("error", "message", "detail", "errors", "msg", "title")
DEEPEST = 4  # levels of nesting searched for a message
WIDEST = 20  # entries read of a list or an object


def printable(text: str) -> str:
    """Drop what cannot be stored or shown; keep the line breaks."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Make a message of one line: markup reduced to its title or text, white space folded."""
    if MARKUP.search(text):
        text = _without_markup(text)
    return " ".join(printable(text).split())


def message_in(value: object, depth: int = 0) -> str:
    """Find the human words in a JSON value of any shape; "" when there are none."""
    if isinstance(value, str):
        return value
    if depth == DEEPEST:
        return ""
    if isinstance(value, list):
        return _joined(", ", (message_in(item, depth + 1) for item in value[:WIDEST]))
    if isinstance(value, dict):
        known = [value[key] for key in KEYS_OF_A_MESSAGE if key in value]
        if known:
            return _joined(": ", (message_in(item, depth + 1) for item in known))
        # What a validator says is keyed by the field: {"script": ["Missing data."]}.
        found = ((key, message_in(item, depth + 1)) for key, item in list(value.items())[:WIDEST])
        return _joined(", ", (f"{key}: {text}" for key, text in found if text))
    return ""


def _joined(separator: str, texts: Iterable[str]) -> str:
    return separator.join(dict.fromkeys(text for text in texts if text.strip()))


class _Text(HTMLParser):
    """Collects the title of a page and its visible text."""

    def __init__(self) -> None:
        super().__init__()
        self.title: list[str] = []
        self.body: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"title", "script", "style"}:
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = "" if tag == self._inside else self._inside

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title.append(data)
        elif not self._inside:
            self.body.append(data)


def _without_markup(text: str) -> str:
    reader = _Text()
    reader.feed(text)
    reader.close()
    return "".join(reader.title).strip() or " ".join(reader.body)
