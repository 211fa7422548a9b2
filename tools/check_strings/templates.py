"""Find user-visible strings in a template that are not marked for translation."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

Findings = Iterator[tuple[int, str]]  # line, text
LETTERS = re.compile(r"[^\W\d_]{2,}")
SHOWN_ATTRIBUTES = {"aria-label", "aria-description", "placeholder", "title", "alt", "label"}
NO_WORDS = {"script", "style", "code", "kbd", "samp", "pre"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSEEN = re.compile(
    r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}", re.S
)
IN_A_TAG = re.compile(
    r"""[\w-]+=("[^"]*"|'[^']*')"""
)  # attributes that a block passes to an element of its base template
NAME = re.compile(r"\btavusweb\b")
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
# Strings inside a tag: passed to an included template, or chosen by a filter.
GIVEN = re.compile(r"""(?:\bwith\b|\w=|default(?:_if_none)?:|yesno:|pluralize:?|add:)\s*("[^"]*"|'[^']*')""")
TRANSLATED_TAG = re.compile(r"\{%\s*(?:translate|trans|url|load|extends|static)\b")


def in_template(text: str, *, is_html: bool = True) -> Findings:
    """Find text, displayed attributes and strings inside tags, outside `translate` and `blocktranslate`."""
    text = UNSEEN.sub(_blank, text)
    for tag in TAG.finditer(text):
        if not TRANSLATED_TAG.match(tag[0]):
            line = text.count("\n", 0, tag.start()) + 1
            yield from ((line, each) for each in GIVEN.findall(tag[0]) if _is_prose(each.strip("\"'")))
    text = TAG.sub(_blank, text)
    if is_html:
        reader = _Reader()
        reader.feed(text)
        reader.close()
        yield from reader.findings
    else:
        yield from ((n, line) for n, line in enumerate(text.splitlines(), 1) if LETTERS.search(line))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _is_prose(text: str) -> bool:
    return bool(LETTERS.search(text)) and (" " in text or text[:1].isupper())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.findings: list[tuple[int, str]] = []
        self.untranslated: list[str] = []  # open elements that are not translated

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self.untranslated and tag in VOID:
            return
        if tag not in VOID and (self.untranslated or tag in NO_WORDS or given.get("translate") == "no"):
            self.untranslated.append(tag)
            return
        shown = SHOWN_ATTRIBUTES | (
            {"value"} if tag == "input" and given.get("type") in {"submit", "button"} else set()
        )
        shown -= {"title"} if tag == "link" else set()
        for name, value in attrs:
            if value and name in shown and LETTERS.search(value):
                self.findings.append((self.getpos()[0], f'{name}="{value}"'))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.untranslated:
            while self.untranslated.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        words = LETTERS.search(NAME.sub(_blank, IN_A_TAG.sub(_blank, data)))
        if words and not self.untranslated:
            self.findings.append((self.getpos()[0] + data.count("\n", 0, words.start()), data))
