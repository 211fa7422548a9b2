"""The pieces of text that the search index holds, so that any part of any word is found, in scripts without blanks too.

At every position of a text, its index holds the next four characters, or fewer where the word ends earlier. A searched
word of up to four characters is the beginning of such a piece; the pieces of a longer one are all in the text. A text
that has them need not have the word, so the engines also compare the text itself: the index only makes it quick.
"""

from datetime import UTC, datetime
from uuid import UUID

LENGTH = 4  # characters: with three, half of all texts would have the pieces of a rare word
MOST_INDEXED = 50_000  # characters of one text; PostgreSQL's vector holds at most a megabyte
MOST_PIECES = 24  # of one searched word

# A position counts milliseconds, followed by the last digits of the ID for videos made within the same one.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
ID_DIGITS, ID_BITS = 5, 20  # hexadecimal digits of the ID, and the bits that they take


def pieces_of(text: str) -> set[str]:
    return {word[at : at + LENGTH] for word in text[:MOST_INDEXED].split() for at in range(len(word))}


def pieces_to_find(word: str) -> list[str]:
    """Return the pieces that every text with this word has. One shorter than LENGTH is the beginning of a piece."""
    last = max(len(word) - LENGTH, 0)
    places = range(last + 1) if last < MOST_PIECES else range(0, last + 1, last // MOST_PIECES + 1)
    return list(dict.fromkeys(word[at : at + LENGTH] for at in places))


def workspace_mark(workspace_pk: int) -> str:
    """A piece that the text of no word is: it is longer than any."""
    return f"workspace{workspace_pk}"


def person_mark(person_pk: int) -> str:
    return f"person{person_pk}"


def position(created_at: datetime, pk: UUID) -> int:
    return (_milliseconds(created_at) << ID_BITS) | (pk.int & ((1 << ID_BITS) - 1))


def bounds(created_at: datetime) -> tuple[int, int]:
    """The lowest and the highest position of the videos that were made in the same millisecond."""
    low = _milliseconds(created_at) << ID_BITS
    return low, low + (1 << ID_BITS) - 1


def _milliseconds(moment: datetime) -> int:
    since = moment.astimezone(UTC) - EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
