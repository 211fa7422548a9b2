"""Find user-visible strings in a script. They belong in the page as `data-` attributes, which are translated."""

import re

from .templates import LETTERS, Findings

# Comments first, so that a quotation mark in one does not start a string.
TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|\$\{[^{}]*\}|[^`\\])*`""", re.S
)
SHOWN = re.compile(
    r"(?:\.(?:textContent|innerText|innerHTML|title|placeholder|alt|ariaLabel|label)\s*=|"
    r"\b(?:alert|confirm|prompt|say|setCustomValidity|append|prepend)\(|"
    r"""\bsetAttribute\(\s*["'](?:aria-label|title|placeholder|alt)["'],)\s*$"""
)
# Several words, or a capital and a full stop, without the punctuation of selectors, URLs and markup.
PROSE = re.compile(r"[^\[\]{}<>=#/|&*+~^@\\_]*[^\W\d_]{2,},? [^\W\d_]{2,}[^\[\]{}<>=#/|&*+~^@\\_]*|[A-Z][a-z’']+[.…!?]")
UNIT = re.compile(r"\$\{[^{}]*\} ?[^\W\d_]{1,4}")  # `${size} MB`
INSERTED = re.compile(r"\$\{[^{}]*\}")
SELECTOR = re.compile(r"[\w-]*(?:[:.][\w-]+|\([^)]*\))+.*|[a-z]+(?:, [a-z]+)+")


def in_script(text: str) -> Findings:
    """Find sentences, units after a number, and strings assigned to visible properties."""
    for token in TOKEN.finditer(text):
        if token[0].startswith(("//", "/*")):
            continue
        words = token[0][1:-1]
        is_shown = SHOWN.search(text, max(token.start() - 60, 0), token.start())
        if _is_prose(words) or (is_shown and LETTERS.search(INSERTED.sub("", words))):
            yield text.count("\n", 0, token.start()) + 1, words


def _is_prose(words: str) -> bool:
    if UNIT.fullmatch(words):
        return True
    plain = INSERTED.sub("X", words)
    return bool(PROSE.fullmatch(plain)) and not SELECTOR.fullmatch(plain)
