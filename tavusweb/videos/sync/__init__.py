"""Where a video meets Tavus: the only place that sees both sides of one.

Each exchange is two halves. The first half asks Tavus and touches no row; the second records the answer and asks
nobody. So no database transaction is ever open during a request.

submission: from waiting to queued. settling: what became of a submission without a clear answer. polling: from
queued to ready, with deletions and new names. writing: the answers of many polls in one statement.
"""

from .polling import ask, is_still_rendering, reading_of, record, rest, rests_the_key
from .settling import record_search, search
from .submission import record_submission, recover, send

__all__ = [
    "ask",
    "is_still_rendering",
    "reading_of",
    "record",
    "record_search",
    "record_submission",
    "recover",
    "rest",
    "rests_the_key",
    "search",
    "send",
]
