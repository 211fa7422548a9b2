"""Estimate how long a script takes to say, and find passages not meant to be spoken."""

import re
from itertools import islice

from .stored import NOTHING, category

# Spoken length.

WORDS_A_SECOND = 2.5  # an unhurried speaker
LETTERS_A_SECOND = 12.5
LONGEST_WORD = 20  # letters; longer runs without a blank count by letter
# Characters a second in scripts without blanks, and in Hangul, whose words are long.
_BY_CHARACTER = (
    (re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"), 4.2),
    (re.compile("[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff9d]"), 7.0),
    (re.compile("[\uac00-\ud7a3]"), 5.0),
    (re.compile("[\u0e01-\u0eff\u0f40-\u0fbc\u1000-\u109f\u1780-\u17d3]"), 11.0),
)


def spoken_seconds(text: str) -> float:
    """Return the seconds a text takes to say; 0.0 if nothing in it can be spoken."""
    text, seconds = NOTHING.sub("", text), 0.0
    for pattern, rate in _BY_CHARACTER:
        text, count = pattern.subn("", text)
        seconds += count / rate
    for word in text.split():
        letters = sum(category(sign)[0] in "LN" for sign in word)
        if letters:
            seconds += 1 / WORDS_A_SECOND if letters <= LONGEST_WORD else letters / LETTERS_A_SECOND
    return max(round(seconds, 1), 0.1) if seconds else 0.0


# Passages meant for a machine that a speaker would read out.

PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{1,80}\}\}|\$?\{\s?[^\W\d][\w .-]{0,40}\}|%%?[^\W\d]\w{1,40}%%?|\*\|[\w:]{1,40}\|\*|<<[^<>\n]{1,40}>>"
    r"|(?<!\[)\[[^\W\d_][\w '-]{1,40}\](?![\](])"
)
MARKUP = re.compile(
    r"(?<!<)</?[A-Za-z][A-Za-z0-9:-]{0,30}(?:\s[^<>]{0,200})?/?>|<!--|&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});"
    r"|\*\*[^*\n]{1,200}\*\*|\[[^\[\]\n]{1,100}\]\(https?:[^)\s]{1,500}\)"
)


def unspeakable(pattern: re.Pattern[str], text: str, *, limit: int = 3) -> list[str]:
    """Return the first distinct passages of a text that match a pattern."""
    return list(islice(dict.fromkeys(match[0] for match in pattern.finditer(text)), limit))
