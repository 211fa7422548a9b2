"""Parts of a share page that every visitor who has not spoken sees alike, kept rendered by each process.

The key holds everything that a part shows, so that nothing outdated is shown; only the words for how long ago something
was can be a minute old. What must differ from page to page stands in it as a placeholder that nobody can type.
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
    """The part with this key, rendered when it is not kept."""
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
