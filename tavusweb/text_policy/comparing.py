"""How words, names and secrets are compared."""

import re
import unicodedata

from .stored import INVISIBLE, as_line, as_stored

ACCENTS = "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u065f\u0670"
_ACCENTS = re.compile(f"[{ACCENTS}]")
SAME = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-"}
    | {"‐": "-", "‑": "-", "—": "-"}
)


def fold(text: str) -> str:
    """Text as it is searched: no matter which case, accents, points, widths, ligatures or invisible characters."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", INVISIBLE.sub("", as_stored(text).replace("\0", ""))))
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain.casefold())).casefold().translate(SAME)
    return unicodedata.normalize("NFC", plain)


LONGEST_SEARCH, MAX_SEARCHED = 200, 8  # characters, words


def search_words(typed: str) -> list[str]:
    """The folded words of a search, in `LONGEST_SEARCH` characters of what was typed."""
    return fold(typed[:LONGEST_SEARCH]).split()[:MAX_SEARCHED]


def is_same_name(one: str, other: str) -> bool:
    """Whether two names look the same: a person who types one has typed the other."""
    return _visible(one) == _visible(other)


def _visible(name: str) -> str:
    return " ".join(INVISIBLE.sub("", as_line(name)).split())


def as_secret(typed: str) -> str:
    """A password as it is hashed and compared, whichever keyboard or message it came through.

    NFKC, every blank a space, none around it, nothing invisible; capitals count. As RFC 8265 and NIST SP 800-63B
    have it, with the blanks around it taken for a slip of copying.
    """
    return " ".join(re.split(r"\s", unicodedata.normalize("NFKC", INVISIBLE.sub("", typed)))).strip()


def as_pasted_key(typed: str) -> str:
    """An API key or a code: it has no blanks, wide letters or other scripts' digits, however it was copied."""
    plain = "".join(unicodedata.normalize("NFKC", INVISIBLE.sub("", typed)).split())
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in plain)
