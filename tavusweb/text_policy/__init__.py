"""What text is: one answer for forms, models, scripts in the browser, searches, secrets and files.

A character is a Unicode code point of the NFC form: the unit of Python, of both databases' columns and of
`static/js/text-policy.js`, which holds the same rules and is tested against this package.
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
