"""Normalise text for storage, and decide what counts as empty."""

import re
import unicodedata

category = unicodedata.category

# Unicode's Default_Ignorable_Code_Point, and other characters without ink: blank Braille, fillers, the object mark.
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_DRAWN_AS_NOTHING = "\u2800\ufffc\U00013441\U00013442\U00016fe4\U0001d159"
INVISIBLE = re.compile(f"[{IGNORABLE}]")
NOTHING = re.compile(f"[{IGNORABLE}{_DRAWN_AS_NOTHING}]")
_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Never typed: controls except tab and newline, lone surrogates, noncharacters. (Every field refuses NUL.)
_UNTYPED = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def as_stored(text: str) -> str:
    """Normalise text for storage: NFC, newlines as line ends, no control characters."""
    return unicodedata.normalize("NFC", _UNTYPED.sub("", _LINE_END.sub("\n", text)))


def as_line(text: str) -> str:
    """Normalise a name or title for storage: one line that cannot change the direction of text beside it."""
    line = re.sub("[\n\t]", " ", as_stored(text))
    characters, depth = [], 0
    for sign in line:
        if sign in "\u202a\u202b\u202c\u202d\u202e" or (sign == "\u2069" and not depth):
            continue  # embeddings, overrides, and unmatched closing marks
        depth += (sign in "\u2066\u2067\u2068") - (sign == "\u2069")
        characters.append(sign)
    return "".join(characters).strip() + "\u2069" * depth


def is_blank(text: str) -> bool:
    """Return whether nothing can be seen or spoken: only blanks, controls, fillers, marks without a letter."""
    return all(NOTHING.match(sign) or category(sign)[0] in "ZM" or category(sign) in _UNSEEN for sign in text)


_UNSEEN = {"Cc", "Cf", "Cs", "Co"}
