"""Script sentences that comments refer to, with estimated start times. Pure."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tavusweb.text_policy import cut, is_blank, spoken_seconds

LONGEST_QUOTE = 300  # characters
MOST_SENTENCES = 300
_END = re.compile(r"[.!?…؟।]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[」』”]*|\n+")
_ABBREVIATED = re.compile(
    r"(?:^|\s)(?:Mr|Mrs|Ms|Dr|Prof|St|No|Nr|vs|etc|approx|ca|bzw|z\.\s?B|d\.\s?h|Mme|Sr|Sra|e\.g|i\.e|[A-Z])\.$"
)
_BEFORE = 12  # characters that an abbreviation has at most before its last full stop, with a space


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `key` identifies its text, `at` is its estimated start in seconds."""

    key: str
    text: str
    at: float


@lru_cache(maxsize=64)
def sentences(script: str) -> tuple[Sentence, ...]:
    """Return the first MOST_SENTENCES sentences of a script, in order."""
    found: dict[str, Sentence] = {}
    spoken = 0.0
    for piece in pieces(script):
        text = cut(" ".join(piece.split()), LONGEST_QUOTE)
        if is_blank(text):
            continue
        key = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]
        found.setdefault(key, Sentence(key, text, round(spoken, 1)))  # one that is repeated counts where it is first
        spoken += spoken_seconds(piece)
        if len(found) == MOST_SENTENCES:
            break
    return tuple(found.values())


def starts_of(script: str) -> dict[str, float]:
    """Return each sentence's start, by its text."""
    return {sentence.text: sentence.at for sentence in sentences(script)}


def spoken_at(script: str, seconds: float) -> Sentence | None:
    """Return the sentence estimated to be spoken at a time, or None without a script."""
    begun = [sentence for sentence in sentences(script) if sentence.at <= seconds]
    return begun[-1] if begun else None


def pieces(script: str) -> Iterator[str]:
    """Split a script after each sentence and line; joined, the pieces are the script again."""
    start = 0
    for end in _END.finditer(script):
        if "\n" not in end[0] and _ABBREVIATED.search(script, max(start - 1, end.start() - _BEFORE, 0), end.end()):
            continue
        yield script[start : end.end()]
        start = end.end()
    yield script[start:]
