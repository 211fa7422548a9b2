"""Compare two versions of a draft, so that people can choose."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from .models import Video
from .spec import VideoSpec

LONGEST_BY_WORDS = 4_000  # words of both texts, up to which words are compared; else lines
_WORDS, _LINES = re.compile(r"\s+|[^\s]+"), re.compile(r"[^\n]*\n|[^\n]+")

Part = tuple[str, str]  # "same" or "only", and the text


@dataclass(frozen=True)
class Difference:
    name: str
    label: str
    mine: list[Part]
    theirs: list[Part]


def differences(
    mine: VideoSpec, theirs: VideoSpec, *, names: Iterable[str] = VideoSpec.names()
) -> Iterator[Difference]:
    """The fields that differ, each with its text in both versions, in parts that are the same or only in one."""
    for name in names:
        one, other = getattr(mine, name), getattr(theirs, name)
        if one != other:
            label = str(Video._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            ours, others = _text(name, one), _text(name, other)
            yield Difference(name, label[:1].upper() + label[1:], *_parts(ours, others))


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("On") if value else _("Off")
    choices = dict(Video._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    return str(choices.get(value, "" if value is None else value))


def _parts(one: str, other: str) -> tuple[list[Part], list[Part]]:
    ours, others = _WORDS.findall(one), _WORDS.findall(other)
    if len(ours) + len(others) > LONGEST_BY_WORDS:
        ours, others = _LINES.findall(one), _LINES.findall(other)
    mine: list[Part] = []
    theirs: list[Part] = []
    for kind, a, b, c, d in SequenceMatcher(None, ours, others).get_opcodes():
        word = "same" if kind == "equal" else "only"
        mine += [(word, "".join(ours[a:b]))] if b > a else []
        theirs += [(word, "".join(others[c:d]))] if d > c else []
    return mine, theirs
