"""What higher rooms register when the program starts: the words of each kind, and who may see what."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from .kinds import Kind
from .models import Notice

Data = Mapping[str, Any]


def no_details(data: Data) -> list[str]:
    return []


@dataclass(frozen=True)
class Words:
    """`line` says what happened, for one notice or for several about one thing; `details` adds lines to one of them."""

    line: Callable[[list[Data]], str]
    details: Callable[[Data], list[str]] = no_details


Judge = Callable[[Iterable[Notice]], set[UUID]]

_words: dict[str, Words] = {}
_judges: list[Judge] = []


def register_words(kind: Kind, words: Words) -> None:
    _words[kind] = words


def words_of(kind: str) -> Words:
    return _words[kind]


def register_judge(judge: Judge) -> None:
    """Register what decides which notices their people may see, and which still hold. There is one."""
    _judges[:] = [judge]


def visible(notices: Iterable[Notice]) -> set[UUID]:
    """Return the ids of those notices that hold, and that their recipients may see now."""
    [judge] = _judges
    return judge(notices)
