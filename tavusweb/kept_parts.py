"""Parts of pages that each process keeps rendered, within bounds, by a key that holds everything they show.

What differs from one request to the next, such as a form's token, stands in a kept part as a placeholder that nobody
can type, and is put in when the part is sent.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

TOKEN = secrets.token_hex(16)  # in the place of a form's CSRF token
HOUR = 3600


class KeptParts:
    """The parts used most recently: at most `most`, each of at most `largest` characters."""

    def __init__(self, most: int, *, largest: int = 100_000) -> None:
        self.most, self.largest = most, largest
        self._kept: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def part(self, key: Hashable, render: Callable[[], str]) -> str:
        """The part with this key in the active language, rendered when it is not kept."""
        whole = (get_language(), key)
        with self._lock:
            text = self._kept.get(whole)
            if text is not None:
                self._kept.move_to_end(whole)
        if text is None:
            text = render()
            if len(text) <= self.largest:
                with self._lock:
                    self._kept[whole] = text
                    while len(self._kept) > self.most:
                        self._kept.popitem(last=False)
        return text


def with_token(text: str, request: HttpRequest) -> SafeString:
    """Put the request's own token into the forms of kept parts."""
    if TOKEN in text:
        text = text.replace(TOKEN, get_token(request))
    return mark_safe(text)  # noqa: S308 - rendered by templates, which escape


def age_step(moment: datetime, now: datetime) -> tuple[str, int]:
    """Return what changes as often as `naturaltime` does: every minute, every hour, or every day of age."""
    age = int((now - moment).total_seconds())
    if age < HOUR:
        return "minute", age // 60
    return ("hour", age // HOUR) if age < 7 * 24 * HOUR else ("day", age // (24 * HOUR))


def shown_values(row: Any) -> tuple[Hashable, ...]:
    """Return everything that was loaded of a model's row, annotations and lists of related rows included."""
    return tuple(as_key(value) for name, value in row.__dict__.items() if name != "_state")


def as_key(value: Any) -> Hashable:
    if isinstance(value, list | tuple):
        return tuple(as_key(each) for each in value)
    if isinstance(value, dict):
        return tuple((name, as_key(each)) for name, each in value.items())
    if hasattr(value, "_meta"):
        return shown_values(value)
    return value if value.__hash__ else repr(value)


_cards = KeptParts(1000, largest=400_000)


def kept_card(
    request: HttpRequest, template: str, key: Hashable | None, build: Callable[[], dict[str, Any]]
) -> SafeString:
    """Render a card of a page, or take the one that is kept by this key. `build` makes its context, forms included.

    How long ago something was can be a minute old. Without a key, as for a form that was refused, nothing is kept.
    """

    def render() -> str:
        found: Any = get_template(template)
        return str(found.template.render(Context(build() | {"csrf_token": TOKEN})))

    return kept_this_minute(request, (template, key) if key is not None else None, render)


def kept_this_minute(request: HttpRequest, key: Hashable | None, render: Callable[[], str]) -> SafeString:
    text = render() if key is None else _cards.part((int(time.time() // 60), key), render)
    return with_token(text, request)
