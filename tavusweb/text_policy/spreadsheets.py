"""Write files for spreadsheets in any locale without any cell becoming a formula."""

import csv
import re
from collections.abc import Iterable
from io import StringIO

from .stored import IGNORABLE, as_stored

BYTE_ORDER_MARK = "\ufeff"  # without it, Excel assumes an older encoding
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
# A file opened with another separator is split there, so each part of a cell has to be harmless.
_STARTS = {
    own: re.compile(
        rf"(\A|[{''.join({',', ';', '|', own} - {own})}\t\n])((?:[^\S\t\n]|[\"'{IGNORABLE}])*)([=+@\-\uff0b\uff0d\uff1d\uff20])"
    )
    for own in SEPARATORS.values()
}
_SEMICOLON_LANGUAGES = frozenset(
    [
        "de",
        "fr",
        "it",
        "pt",
        "nl",
        "ru",
        "pl",
        "cs",
        "sk",
        "sv",
        "da",
        "nb",
        "nn",
        "no",
        "fi",
        "tr",
        "uk",
        "el",
        "hu",
        "ro",
        "bg",
        "hr",
        "sl",
        "sr",
        "lt",
        "lv",
        "et",
        "is",
        "id",
        "vi",
        "kk",
        "be",
        "az",
        "hy",
        "ka",
        "sq",
        "mk",
        "bs",
        "ca",
        "gl",
        "eu",
        "es",
    ]
)
_COMMA_PLACES = frozenset(
    ["mx", "us", "gt", "hn", "ni", "pa", "pe", "sv", "do", "pr"]
)  # Spanish-speaking countries with a decimal point


def spreadsheet_line(cells: Iterable[object], separator: str = ",") -> str:
    """Format one line: every cell is quoted, and no part of any cell is a formula."""

    file = StringIO(newline="")
    writer = csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow([_cell(cell, separator) for cell in cells])
    return file.getvalue()


def _cell(value: object, separator: str) -> str:
    if value is None or isinstance(value, int | float):
        return "" if value is None else str(value)
    text = as_stored(str(value)).replace("\0", "")
    text = _STARTS[separator].sub(r"\1\2'\3", text)
    return f"'{text}" if text[:1] in {"\t", "\n"} else text


def spreadsheet_separator(accept_language: str) -> str:
    """Return the separator that the reader's locale expects: a semicolon where numbers have a decimal comma."""
    language, _, place = accept_language.split(",")[0].split(";")[0].strip().lower().partition("-")
    return ";" if language in _SEMICOLON_LANGUAGES and not (language == "es" and place in _COMMA_PLACES) else ","
