"""Passages of a script that a voice reads differently from what was meant, each with how to write it instead."""

import re
from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tavusweb.text_policy import as_stored, cut, fold, spoken_seconds

from .abbreviations import ACRONYM, EXPANSIONS, SHORT_FORM, is_shouting, is_spoken_as_written
from .finding import Finding, Topic

ADVISED_SECONDS = 5 * 60
SHOWN = 3  # findings of one topic
LONGEST_QUOTE = 60  # characters

LINK = re.compile(
    r"(?:https?://|\bwww\.)[^\s<>\"“”«»]{2,300}|[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}",
    re.IGNORECASE,
)
ISO_DATE = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])", re.ASCII)
SHORT_DATE = re.compile(r"(?<![\d./])(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])", re.ASCII)
PHONE = re.compile(r"(?<![\w+])\+?\(?\d[\d ()/.\u00a0-]{7,24}\d(?!\w)")
LONG_NUMBER = re.compile(r"(?<![\w.,])\d{5,}(?![\w.,]?\d)")
RANGE = re.compile(r"(?<![\w–-])(\d{1,6})\s?[–-]\s?(\d{1,6})(?![\w–-])")
SLASHED = re.compile(r"(?<![\w/])\d{1,4}/\d{1,4}(?![\w/])")
VERSION = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){2,3}(?![\w.]?\w)")
SIGNS = {
    ".": gettext_lazy("dot"),
    "/": gettext_lazy("slash"),
    "-": gettext_lazy("dash"),
    "_": gettext_lazy("underscore"),
    "@": gettext_lazy("at"),
    ":": gettext_lazy("colon"),
}

Say = Callable[[re.Match[str]], str | None]


def script_findings(script: str) -> list[Finding]:
    """Return what a voice may trip over, in the order of the lines and a few of each topic, and last a note on its length."""
    text = as_stored(script)
    left, found = text, []
    for topic, pattern, say in RULES:
        if topic == Topic.ABBREVIATION and is_shouting(text):
            continue
        matches = [(match, said) for match in pattern.finditer(left) if (said := say(match)) is not None]
        found += [Finding(topic, said, line=text.count("\n", 0, match.start()) + 1) for match, said in _first(matches)]
        left = pattern.sub(_blank, left)  # what one rule has seen is no concern of the next
    found.sort(key=lambda finding: finding.line)
    if spoken_seconds(text) > ADVISED_SECONDS:
        message = _(
            "This script takes more than 5 minutes to say. Longer videos look less natural: consider two videos."
        )
        found.append(Finding(Topic.LENGTH, message))
    return found


def _first(matches: list[tuple[re.Match[str], str]]) -> list[tuple[re.Match[str], str]]:
    """The first few of different passages."""
    distinct = {match[0]: (match, said) for match, said in reversed(matches)}
    return list(distinct.values())[::-1][:SHOWN]


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _quote(text: str) -> str:
    return cut(" ".join(text.split()), LONGEST_QUOTE, end="…")


def _link(match: re.Match[str]) -> str:
    address = match[0].rstrip(".,;:!?)")
    host = re.sub(r"^(?:https?://)?(?:www\.)?", "", address, flags=re.IGNORECASE).split("/")[0]
    read = " ".join(str(SIGNS.get(part, part)) for part in re.findall(r"[./_@:-]|[^./_@:-]+", _quote(address)))
    values = {"found": _quote(address), "read": read, "instead": _quote(host)}
    return (
        _("“%(found)s” is read as “%(read)s”. Say “%(instead)s” instead, or show the link beside the video.") % values
    )


def _iso_date(match: re.Match[str]) -> str | None:
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    values = {"found": match[0], "instead": date_format(day, "DATE_FORMAT")}
    return _("“%(found)s” may be read digit by digit. Write the date out, as in “%(instead)s”.") % values


def _short_date(match: re.Match[str]) -> str | None:
    day, month = int(match[1]), int(match[3])
    if not (0 < day <= 31 and 0 < month <= 31) or (day > 12 and month > 12):
        return None
    return _("“%(found)s” can be read as a number, or with day and month swapped. Write the month as a word.") % {
        "found": match[0]
    }


def _phone(match: re.Match[str]) -> str | None:
    digits = "".join(sign for sign in match[0] if sign.isdecimal())
    if len(digits) < 7 or re.fullmatch(r"\d{1,3}(?:[ .\u00a0]\d{3})+", match[0]):  # thousands, written apart
        return None
    values = {"found": match[0], "instead": " ".join(digits)}
    return _("“%(found)s” may be read as large numbers. To have the digits read, write “%(instead)s”.") % values


def _long_number(match: re.Match[str]) -> str:
    values = {"found": _quote(match[0]), "instead": _quote(" ".join(match[0]))}
    return _("“%(found)s” is read as one large number. To have the digits read, write “%(instead)s”.") % values


def _range(match: re.Match[str]) -> str:
    values = {"found": match[0]}
    return _("“%(found)s” may be read as a subtraction. Write the word that belongs between the numbers.") % values


def _slashed(match: re.Match[str]) -> str:
    values = {"found": match[0]}
    return _("“%(found)s” may be read with a “slash”, as a fraction or as a date. Write it in words.") % values


def _version(match: re.Match[str]) -> str:
    values = {"found": match[0]}
    return _("“%(found)s” may be read as a date or a decimal. Write the dots as words if they must be heard.") % values


def _short_form(match: re.Match[str]) -> str | None:
    instead = EXPANDED.get(_key(match[0]))
    values = {"found": match[0], "instead": instead}
    return _("“%(found)s” may be read letter by letter. Write “%(instead)s”.") % values if instead else None


def _acronym(match: re.Match[str]) -> str | None:
    if is_spoken_as_written(match[0]):
        return None
    values = {"found": match[0], "instead": " ".join(match[0])}
    return _("“%(found)s” may be read as a word. To have it spelled, write “%(instead)s”.") % values


def _key(short: str) -> str:
    return fold("".join(short.split()))


EXPANDED = {_key(short): instead for short, instead in EXPANSIONS.items()}
RULES: list[tuple[Topic, re.Pattern[str], Say]] = [
    (Topic.LINK, LINK, _link),
    (Topic.DATE, ISO_DATE, _iso_date),
    (Topic.DATE, SHORT_DATE, _short_date),
    (Topic.NUMBER, VERSION, _version),
    (Topic.NUMBER, RANGE, _range),
    (Topic.NUMBER, SLASHED, _slashed),
    (Topic.NUMBER, PHONE, _phone),
    (Topic.NUMBER, LONG_NUMBER, _long_number),
    (Topic.ABBREVIATION, SHORT_FORM, _short_form),
    (Topic.ABBREVIATION, ACRONYM, _acronym),
]
