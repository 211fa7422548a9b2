"""Abbreviations that voices read letter by letter, in the languages that people write here most."""

import re

# Without white space; `script` looks them up folded.
EXPANSIONS = {
    # English
    "e.g.": "for example",
    "i.e.": "that is",
    "vs.": "versus",
    "approx.": "approximately",
    "incl.": "including",
    # German
    "z.b.": "zum Beispiel",
    "d.h.": "das heißt",
    "u.a.": "unter anderem",
    "usw.": "und so weiter",
    "bzw.": "beziehungsweise",
    "ggf.": "gegebenenfalls",
    "inkl.": "inklusive",
    # French
    "p.ex.": "par exemple",
    "c.-à-d.": "c’est-à-dire",
    "env.": "environ",
    # Spanish
    "p.ej.": "por ejemplo",
    "aprox.": "aproximadamente",
    # Italian, Portuguese, Dutch, Polish, Russian
    "p.es.": "per esempio",
    "p.ex": "por exemplo",
    "bijv.": "bijvoorbeeld",
    "np.": "na przykład",
    "т.е.": "то есть",
    "т.д.": "так далее",
    "напр.": "например",
}

# Letters with dots, possibly spaced, or a few letters and a dot.
SHORT_FORM = re.compile(r"(?<![\w.])(?:c\.-à-d\.|[^\W\d_]{1,2}\.[ \u00a0\u202f]?[^\W\d_]{1,2}\.|[^\W\d_]{2,6}\.)")

_UPPER = "A-ZÀ-ÖØ-ÞΑ-ΩА-ЯЁ"
ACRONYM = re.compile(rf"(?<![\w.&'’-])[{_UPPER}]{{2,5}}(?![\w&-])")
# Said as they stand, or never taken for a word.
SPOKEN = frozenset({"OK", "TV", "USA", "UK", "EU", "UN", "NASA", "NATO", "UNICEF", "UNESCO", "PIN", "DVD", "CD", "AI", "KI", "II", "III", "IV", "VI", "VII", "VIII", "IX", "XI", "XII"})  # fmt: skip
_VOWELS = frozenset("AEIOUYÀÁÂÄÅÆÈÉÊËÌÍÎÏÒÓÔÖØÙÚÛÜΑΕΗΙΟΥΩАЕЁИОУЫЭЮЯ")
SHOUTED = 0.5  # of the words; then capitals mean emphasis
FEWEST_WORDS = 4


def is_spoken_as_written(acronym: str) -> bool:
    """Whether a voice gets these capitals right: well-known ones, and those without a vowel, which it can only spell."""
    return acronym in SPOKEN or not _VOWELS.intersection(acronym)


def is_shouting(text: str) -> bool:
    """Whether a text is written in capitals, so that they say nothing about abbreviations."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    return len(words) >= FEWEST_WORDS and sum(word.isupper() for word in words) > SHOUTED * len(words)
