"""The provider's words, made safe to store, log and show: plain text, never markup or control characters.

Every reader cuts its text before looking at it and reads it once, so hostile text costs no more than its length.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import islice

LONGEST_TEXT = 8192  # characters of one text that are looked at; the rest is dropped unread

# Every repeat in a pattern has an upper bound: `re` tries a pattern at each character, so an unbounded one is quadratic.
MARKUP = re.compile(r"<(?:!doctype|!--|\?xml|/?[a-z][a-z0-9-]{0,30}[\s/>])", re.IGNORECASE)
TAG = re.compile(r"[!?]|/?[a-z][a-z0-9-]{0,30}(?![a-z0-9-])", re.IGNORECASE)
# Not all that HTML allows: `html.unescape` alone raises ValueError on a number of 5000 digits.
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});?", re.IGNORECASE)
# C0 and C1 controls except tab and newline, and lone surrogates: no database or terminal should meet them.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

KEYS_OF_A_MESSAGE = ("error", "message", "detail", "errors", "msg", "title")
LONGEST_KEY = 100  # characters
DEEPEST = 4  # levels of nesting searched for a message
WIDEST = 20  # entries read of a list or an object


def printable(text: str) -> str:
    """Drop what cannot be stored or shown; keep the line breaks. The caller bounds the length."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Reduce the start of a message to one line: markup to its title or text, white space folded."""
    text = text[:LONGEST_TEXT]
    if MARKUP.search(text):
        text = _without_markup(text)
    return " ".join(printable(text).split())[:LONGEST_TEXT]


def message_in(value: object, depth: int = 0) -> str:
    """Find the human words in a JSON value of any shape; "" when there are none."""
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
        # A validator's messages are keyed by the field: {"script": ["Missing data."]}.
        messages = ((key, message_in(item, depth + 1)) for key, item in islice(value.items(), WIDEST))
        return _joined(", ", (f"{str(key)[:LONGEST_KEY]}: {text}" for key, text in messages if text))
    return ""


def _joined(separator: str, texts: Iterable[str]) -> str:
    return separator.join(dict.fromkeys(text for text in texts if text.strip()))[:LONGEST_TEXT]


def _without_markup(text: str) -> str:
    """The title of a page, or else its visible text."""
    title: list[str] = []
    body: list[str] = []
    for is_title, words in _words(text):
        (title if is_title else body).append(ENTITY.sub(lambda entity: unescape(entity[0]), words))
    return "".join(title).strip() or " ".join(body)


def _words(page: str) -> Iterator[tuple[bool, str]]:
    """Yield the texts between the tags, each with whether it is the title.

    The page is split at every `<`, and each piece is looked at once. What starts like a tag and is never closed
    is text.
    """
    first, *pieces = page.split("<")
    if len(page) >= LONGEST_TEXT and pieces and ">" not in pieces[-1]:
        pieces.pop()  # a tag that was cut in two
    yield False, first
    inside = ""  # "title", or what hides text: "script", "style" or "!--"
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
    """The name of the tag that a piece starts with, in lower case: "p", "/p", "!--", or "" for none."""
    if piece.startswith("!--"):
        return "!--"
    match = TAG.match(piece)
    return match[0].lower() if match else ""
