"""Export an audit log as a file. It is read and sent in portions, so its length costs no memory."""

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from tavusweb.text_policy import BYTE_ORDER_MARK, spreadsheet_line

from . import chain
from .models import AuditEvent

PORTION = 500  # events read at once
COLUMNS = (
    *("seq", "at", "actor", "actor_pk", "address", "agent", "action"),
    *("target", "target_type", "target_pk", "before", "after", "hash"),
)


def as_csv(events: QuerySet[AuditEvent], separator: str = ",") -> Iterator[str]:
    yield BYTE_ORDER_MARK + spreadsheet_line(COLUMNS, separator)
    for event in _in_portions(events):
        yield spreadsheet_line([_cell(getattr(event, name)) for name in COLUMNS], separator)


def as_json_lines(events: QuerySet[AuditEvent], separator: str = "") -> Iterator[str]:
    """Each event exactly as it was hashed, with the hash: SHA-256 of the line's "event" must equal it."""
    for event in _in_portions(events):
        yield f'{{"event":{chain.canonical(event).decode()},"hash":"{event.hash}","seal":"{event.seal}"}}\n'


FORMS = {"csv": (as_csv, "text/csv; charset=utf-8"), "jsonl": (as_json_lines, "application/jsonl; charset=utf-8")}


def _in_portions(events: QuerySet[AuditEvent]) -> Iterator[AuditEvent]:
    """Oldest first. Read by key instead of a database cursor, so that a slow client keeps no transaction open."""
    last = 0
    while portion := list(events.filter(seq__gt=last).select_related("chain").order_by("seq")[:PORTION]):
        yield from portion
        last = portion[-1].seq


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return value.isoformat() if hasattr(value, "isoformat") else value
