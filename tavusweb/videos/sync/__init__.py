"""Where a video meets Tavus: the only place that sees both sides of one.

Each exchange is two halves. The first half asks Tavus and touches no row; the second records the answer and asks
nobody. So no database transaction is ever open during a request.

submission: from waiting to queued. settling: what became of a submission without a clear answer, by the rules in
absence. polling: from queued to ready, with deletions and new names. copies: what was bought beside. writing: the
answers of many polls in one statement.
"""

from .copies import delete_copy, record_copy_deletion
from .polling import ask, is_still_rendering, reading_of, record, rest, rests_the_key
from .settling import Witnesses, needs_proof, record_failed_search, record_search, search
from .submission import record_submission, recover, send

__all__ = [
    "Witnesses",
    "ask",
    "delete_copy",
    "is_still_rendering",
    "needs_proof",
    "reading_of",
    "record",
    "record_copy_deletion",
    "record_failed_search",
    "record_search",
    "record_submission",
    "recover",
    "rest",
    "rests_the_key",
    "search",
    "send",
]
