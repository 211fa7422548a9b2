"""Cache rendered fragments of a share page that look alike to all visitors, per process.

The key holds everything a fragment shows, so nothing outdated appears; only relative times can be a minute old. Parts
that differ from page to page are placeholders that no one can type.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MOST_PARTS = 200
LARGEST = 200_000  # characters of one part that is kept
ONCE = secrets.token_hex(8)  # in the place of each form's own number

_kept: OrderedDict[Hashable, str] = OrderedDict()
_lock = Lock()


def part(key: Hashable, render: Callable[[], str]) -> SafeString:
    """Return the fragment with this key, rendering it if it is not cached."""
    whole = (get_language(), int(time.time() // 60), key)
    with _lock:
        text = _kept.get(whole)
        if text is not None:
            _kept.move_to_end(whole)
    if text is None:
        text = render()
        if len(text) <= LARGEST:
            with _lock:
                _kept[whole] = text
                while len(_kept) > MOST_PARTS:
                    _kept.popitem(last=False)
    return mark_safe(text.replace(ONCE, secrets.token_hex(8)))  # noqa: S308 - rendered by a template, which escapes
