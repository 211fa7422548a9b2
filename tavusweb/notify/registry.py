"""Hooks that higher-level apps register at startup: the wording of each kind, and who may see what."""

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
    """Wording of a kind. `line` describes one or several notices about a subject; `details` adds lines to one."""

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
    """Register the single function that decides which notices are valid and visible to their recipients."""
    _judges[:] = [judge]


def visible(notices: Iterable[Notice]) -> set[UUID]:
    """Return the ids of the notices that are valid and visible to their recipients now."""
    [judge] = _judges
    return judge(notices)
