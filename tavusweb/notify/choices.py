"""A person's notification preferences, language and time zone, with defaults."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.conf import settings

from .kinds import Cadence, usual_cadence
from .models import Mute, Preference


@dataclass(frozen=True)
class Choices:
    """One person's notification preferences."""

    preferences: Mapping[str, Preference]
    muted: frozenset[str]

    @classmethod
    def of(cls, user: Any) -> "Choices":
        preferences = {each.kind: each for each in Preference.objects.filter(user=user)}
        muted = frozenset(Mute.objects.filter(user=user).values_list("about", flat=True))
        return cls(preferences, muted)

    def mail(self, kind: str) -> Cadence:
        chosen = self.preferences.get(kind)
        return Cadence(chosen.mail) if chosen else usual_cadence(kind)

    def in_app(self, kind: str) -> bool:
        chosen = self.preferences.get(kind)
        return chosen.in_app if chosen else True

    def in_browser(self, kind: str) -> bool:
        chosen = self.preferences.get(kind)
        return chosen.in_browser if chosen else True


def language_of(user: Any) -> str:
    return user.language or settings.LANGUAGE_CODE


def zone_of(user: Any) -> ZoneInfo:
    """Return the person's time zone, or the server's if theirs is unknown on this machine."""
    try:
        return ZoneInfo(user.time_zone or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(settings.TIME_ZONE)


@lru_cache(maxsize=1)
def known_zones() -> tuple[str, ...]:
    """Return the selectable time zones: places and UTC, without historical aliases."""
    return tuple(sorted(_places(available_timezones())))


def _places(names: Iterable[str]) -> set[str]:
    regions = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/")
    return {name for name in names if name.startswith((*regions, "Indian/", "Pacific/"))} | {"UTC"}
