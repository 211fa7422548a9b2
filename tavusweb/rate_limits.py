"""How often something may be done. Counted in the shared cache, so that it holds across processes."""

import hashlib
import time

from django.core.cache import cache


def may_go_on(what: str, who: object, *, most: int, seconds: int) -> bool:
    """Count one more; False when `who` has done `what` `most` times in the current window of `seconds`.

    Each time takes a slot of its own with `add`, which only one process can win: the database cache has no atomic
    increment.
    """
    person = hashlib.sha256(str(who).encode(errors="replace")).hexdigest()[:16]
    window = int(time.time() // seconds)
    slots = [f"limit:{what}:{person}:{window}:{number}" for number in range(most)]
    taken = cache.get_many(slots)
    return any(cache.add(slot, 1, seconds) for slot in slots if slot not in taken)
