"""Leave out of a vendored style sheet the rules for classes that none of our pages, scripts or views names.

A rule goes when each of its selectors needs a class whose name occurs nowhere in the sources: so a class that is put
together from parts at run time has to be named somewhere in full, as in a comment.
"""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    *(ROOT / "templates").rglob("*.html"),
    *(path for path in (ROOT / "static" / "js").glob("*.js") if path.name not in {"base.js", "workspace.js"}),
    *(ROOT / "static" / "vendor" / "basecoat").glob("*.js"),
    *(ROOT / "tavusweb").rglob("*.py"),
    *(ROOT / "styles").rglob("*.css"),
]
_WORD = re.compile(r"[\w-]+")
_CLASS = re.compile(r"\.((?:\\.|[\w-])+)")
_IN_PARENTHESES = re.compile(r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")


def words_in_sources() -> frozenset[str]:
    return frozenset(word for path in SOURCES for word in _WORD.findall(path.read_text()))


def pruned(css: str, used: frozenset[str]) -> str:
    return "".join(_pruned(css, used))


def _pruned(css: str, used: frozenset[str]) -> Iterator[str]:
    """Go through the parts of a block: declarations stay, rules stay if they can match, others go with all in them."""
    for head, body in _parts(css):
        if body is None:
            yield head
        elif head.startswith("@"):
            inner = pruned(body, used) if head.startswith(("@layer", "@media", "@supports", "@container")) else body
            if inner or head.startswith("@layer"):
                yield f"{head}{{{inner}}}"
        elif _can_match(head, used):
            yield f"{head}{{{pruned(body, used)}}}"


def _parts(css: str) -> Iterator[tuple[str, str | None]]:
    """Split a block into declarations or statements (with their end, without a body) and rules (with their body)."""
    start = at = 0
    quote = ""
    while at < len(css):
        sign = css[at]
        if css.startswith("/*", at) and not quote:
            at = css.index("*/", at) + 1
        elif sign == "\\":
            at += 1
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == ";":
            yield css[start : at + 1], None
            start = at + 1
        elif sign == "{":
            end = _end_of_block(css, at)
            yield css[start:at], css[at + 1 : end]
            start, at = end + 1, end
        at += 1
    if css[start:].strip():
        yield css[start:], None


def _end_of_block(css: str, at: int) -> int:
    depth, quote = 0, ""
    while at < len(css):
        sign = css[at]
        if sign == "\\":
            at += 1
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
            if not depth:
                return at
        at += 1
    raise ValueError("a block does not end")


def _can_match(head: str, used: frozenset[str]) -> bool:
    bare = head
    while (shorter := _IN_PARENTHESES.sub("", bare)) != bare:
        bare = shorter
    return any(_is_used(selector, used) for selector in bare.split(","))


def _is_used(selector: str, used: frozenset[str]) -> bool:
    names = (re.sub(r"\\(.)", r"\1", name) for name in _CLASS.findall(selector))
    return all(used.issuperset(_WORD.findall(name)) for name in names)
