"""What a speaker makes of a script: how long it takes to say, and what was not meant to be said."""

import re
from itertools import islice

from .stored import NOTHING, category

# How long it takes to say.

WORDS_A_SECOND = 2.5  # an unhurried speaker
LETTERS_A_SECOND = 12.5
LONGEST_WORD = 20  # letters: what has more without a blank counts by its letters
# Scripts written without blanks, and Hangul, whose words are long: characters a second.
_BY_CHARACTER = (
    (re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"), 4.2),
    (re.compile("[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff9d]"), 7.0),
    (re.compile("[\uac00-\ud7a3]"), 5.0),
    (re.compile("[\u0e01-\u0eff\u0f40-\u0fbc\u1000-\u109f\u1780-\u17d3]"), 11.0),
)


def spoken_seconds(text: str) -> float:
    """How long a text takes to say; 0.0 when nothing in it can be spoken."""
    text, seconds = NOTHING.sub("", text), 0.0
    for pattern, rate in _BY_CHARACTER:
        text, count = pattern.subn("", text)
        seconds += count / rate
    for word in text.split():
        letters = sum(category(sign)[0] in "LN" for sign in word)
        if letters:
            seconds += 1 / WORDS_A_SECOND if letters <= LONGEST_WORD else letters / LETTERS_A_SECOND
    return max(round(seconds, 1), 0.1) if seconds else 0.0


# What a speaker would read out although it was meant for a machine.

PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{1,80}\}\}|\$?\{\s?[^\W\d][\w .-]{0,40}\}|%%?[^\W\d]\w{1,40}%%?|\*\|[\w:]{1,40}\|\*|<<[^<>\n]{1,40}>>"
    r"|(?<!\[)\[[^\W\d_][\w '-]{1,40}\](?![\](])"
)
MARKUP = re.compile(
    r"(?<!<)</?[A-Za-z][A-Za-z0-9:-]{0,30}(?:\s[^<>]{0,200})?/?>|<!--|&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});"
    r"|\*\*[^*\n]{1,200}\*\*|\[[^\[\]\n]{1,100}\]\(https?:[^)\s]{1,500}\)"
)


def unspeakable(pattern: re.Pattern[str], text: str, *, limit: int = 3) -> list[str]:
    """The first different passages of a text that a pattern finds."""
    return list(islice(dict.fromkeys(match[0] for match in pattern.finditer(text)), limit))
