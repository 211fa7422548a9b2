"""Compare words, names and secrets."""

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
    """Normalise text for search: ignore case, accents, points, widths, ligatures and invisible characters."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", INVISIBLE.sub("", as_stored(text).replace("\0", ""))))
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain.casefold())).casefold().translate(SAME)
    return unicodedata.normalize("NFC", plain)


LONGEST_SEARCH, MAX_SEARCHED = 200, 8  # characters, words


def search_words(typed: str) -> list[str]:
    """Return the folded words in the first `LONGEST_SEARCH` characters of a search."""
    return fold(typed[:LONGEST_SEARCH]).split()[:MAX_SEARCHED]


def is_same_name(one: str, other: str) -> bool:
    """Return whether two names look the same, so that typing one counts as typing the other."""
    return _visible(one) == _visible(other)


def _visible(name: str) -> str:
    return " ".join(INVISIBLE.sub("", as_line(name)).split())


def as_secret(typed: str) -> str:
    """Normalise a password for hashing and comparison, whichever keyboard or message it came from.

    NFKC, every blank turned into a space, surrounding blanks and invisible characters removed; case matters. This
    follows RFC 8265 and NIST SP 800-63B, except that surrounding blanks are taken for copying errors.
    """
    return " ".join(re.split(r"\s", unicodedata.normalize("NFKC", INVISIBLE.sub("", typed)))).strip()


def as_pasted_key(typed: str) -> str:
    """Normalise a pasted API key or code: drop blanks, and convert wide letters and other scripts' digits."""
    plain = "".join(unicodedata.normalize("NFKC", INVISIBLE.sub("", typed)).split())
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in plain)
