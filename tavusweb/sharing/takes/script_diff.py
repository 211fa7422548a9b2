"""Compare two scripts sentence by sentence. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from tavusweb.reviews.sentences import pieces

MOST = 400  # sentences of both scripts between the first and the last difference that are matched one by one


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as typed, with the white space around it; `is_only` if the other script lacks it at this place."""

    before: str
    text: str
    after: str
    is_only: bool


def compare(one: str, other: str) -> tuple[list[Sentence], list[Sentence]]:
    """Return the sentences of both scripts. White space within a sentence makes no difference.

    Where more than MOST sentences lie between the first and the last difference, all of these count as different, so
    that the time is bounded.
    """
    ours, theirs = list(_sentences(one)), list(_sentences(other))
    a, b = [_key(each) for each in ours], [_key(each) for each in theirs]
    start = _common(a, b)
    end = _common(a[start:][::-1], b[start:][::-1])
    same_ours, same_theirs = _ends(len(a), start, end), _ends(len(b), start, end)
    middle_a, middle_b = a[start : len(a) - end], b[start : len(b) - end]
    if len(middle_a) + len(middle_b) <= MOST:
        for block in SequenceMatcher(None, middle_a, middle_b, autojunk=False).get_matching_blocks():
            same_ours.update(range(start + block.a, start + block.a + block.size))
            same_theirs.update(range(start + block.b, start + block.b + block.size))
    return _marked(ours, same_ours), _marked(theirs, same_theirs)


def _sentences(script: str) -> Iterator[str]:
    """Yield the sentences; blank pieces go with what precedes them."""
    last = ""
    for piece in pieces(script):
        if piece.strip() and last.strip():
            yield last
            last = piece
        else:
            last += piece
    if last.strip():
        yield last


def _key(sentence: str) -> str:
    return " ".join(sentence.split())


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """Return how many items both begin with."""
    return next(
        (at for at, (ours, theirs) in enumerate(zip(a, b, strict=False)) if ours != theirs), min(len(a), len(b))
    )


def _ends(length: int, start: int, end: int) -> set[int]:
    return {*range(start), *range(length - end, length)}


def _marked(sentences: Sequence[str], same: set[int]) -> list[Sentence]:
    found = []
    for number, sentence in enumerate(sentences):
        text = sentence.strip()
        before, _, after = sentence.partition(text)
        found.append(Sentence(before, text, after, number not in same))
    return found
