"""The rules for text in forms, models, search, secrets and exported files.

A character is a Unicode code point in NFC: the unit of Python and of both databases' columns. The browser's
`static/js/text-policy.js` has the same rules and is tested against this package.
"""

from .comparing import ACCENTS, LONGEST_SEARCH, SAME, as_pasted_key, as_secret, fold, is_same_name, search_words
from .cutting import cut, cut_bytes, initial
from .speech import MARKUP, PLACEHOLDER, spoken_seconds, unspeakable
from .spreadsheets import BYTE_ORDER_MARK, SEPARATORS, spreadsheet_line, spreadsheet_separator
from .stored import IGNORABLE, as_line, as_stored, is_blank

__all__ = [
    "ACCENTS",
    "BYTE_ORDER_MARK",
    "IGNORABLE",
    "LONGEST_SEARCH",
    "MARKUP",
    "PLACEHOLDER",
    "SAME",
    "SEPARATORS",
    "as_line",
    "as_pasted_key",
    "as_secret",
    "as_stored",
    "cut",
    "cut_bytes",
    "fold",
    "initial",
    "is_blank",
    "is_same_name",
    "search_words",
    "spoken_seconds",
    "spreadsheet_line",
    "spreadsheet_separator",
    "unspeakable",
]
