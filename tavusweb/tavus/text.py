"""Make the provider's texts safe to store, log and show: plain text without markup or control characters.

Every function shortens its text first and reads it once, so hostile text takes linear time.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import islice

LONGEST_TEXT = 8192  # characters of one text that are read; the rest is dropped

# Every repetition in a pattern is bounded: `re` tries it at each character, so an unbounded one is quadratic.
MARKUP = re.compile(r"<(?:!doctype|!--|\?xml|/?[a-z][a-z0-9-]{0,30}[\s/>])", re.IGNORECASE)
TAG = re.compile(r"[!?]|/?[a-z][a-z0-9-]{0,30}(?![a-z0-9-])", re.IGNORECASE)
# A subset of HTML's entities: `html.unescape` raises ValueError on a number of 5000 digits.
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});?", re.IGNORECASE)
# C0 and C1 controls except tab and newline, and lone surrogates: no database or terminal should receive them.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

KEYS_OF_A_MESSAGE = ("error", "message", "detail", "errors", "msg", "title")
LONGEST_KEY = 100  # characters
DEEPEST = 4  # nesting levels searched for a message
WIDEST = 20  # entries read per list or object


def printable(text: str) -> str:
    """Drop characters that cannot be stored or shown; keep line breaks. The caller limits the length."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Reduce the start of a message to one line: the title or text of markup, with white space collapsed."""
    text = text[:LONGEST_TEXT]
    if MARKUP.search(text):
        text = _without_markup(text)
    return " ".join(printable(text).split())[:LONGEST_TEXT]


def message_in(value: object, depth: int = 0) -> str:
    """Find the human-readable message in any JSON value, or ""."""
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if depth == DEEPEST:
        return ""
    if isinstance(value, list):
        return _joined(", ", (message_in(item, depth + 1) for item in islice(value, WIDEST)))
    if isinstance(value, dict):
        known = [value[key] for key in KEYS_OF_A_MESSAGE if key in value]
        if known:
            return _joined(": ", (message_in(item, depth + 1) for item in known))
        # Validation messages are keyed by field: {"script": ["Missing data."]}.
        messages = ((key, message_in(item, depth + 1)) for key, item in islice(value.items(), WIDEST))
        return _joined(", ", (f"{str(key)[:LONGEST_KEY]}: {text}" for key, text in messages if text))
    return ""


def _joined(separator: str, texts: Iterable[str]) -> str:
    return separator.join(dict.fromkeys(text for text in texts if text.strip()))[:LONGEST_TEXT]


def _without_markup(text: str) -> str:
    """Return a page's title or, without one, its visible text."""
    title: list[str] = []
    body: list[str] = []
    for is_title, words in _words(text):
        (title if is_title else body).append(ENTITY.sub(lambda entity: unescape(entity[0]), words))
    return "".join(title).strip() or " ".join(body)


def _words(page: str) -> Iterator[tuple[bool, str]]:
    """Yield (is_title, text) for the texts between tags.

    The page is split at every `<`, and each piece is read once. Something that starts like a tag and never ends
    is text.
    """
    first, *pieces = page.split("<")
    if len(page) >= LONGEST_TEXT and pieces and ">" not in pieces[-1]:
        pieces.pop()  # a tag that was cut off
    yield False, first
    inside = ""  # the open "title", or an element that hides text: "script", "style" or "!--"
    for piece in pieces:
        opened = _tag(piece)
        if inside == "!--" or (opened == "!--" and inside not in {"script", "style"}):
            _, end, words = piece.partition("-->")
            inside = "" if end else "!--"
        elif inside in {"script", "style"}:
            words = piece.partition(">")[2] if opened == f"/{inside}" else ""
            inside = "" if opened == f"/{inside}" else inside
        else:
            _, closed, words = piece.partition(">")
            if not opened or not closed:
                words = f"<{piece}"
            elif opened in {"title", "script", "style"}:
                inside = opened
            elif opened == f"/{inside}":
                inside = ""
        if words and inside in {"", "title"}:
            yield inside == "title", words


def _tag(piece: str) -> str:
    """Return the tag that a piece starts with, in lower case: "p", "/p", "!--", or ""."""
    if piece.startswith("!--"):
        return "!--"
    match = TAG.match(piece)
    return match[0].lower() if match else ""
