"""Tell people of what happened, and take back what no longer holds. Called inside the transaction of what happened."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from tavusweb.text_policy import cut

from .kinds import Kind
from .models import Notice

LONGEST = 300  # characters of one text in a notice's data


def tell(
    recipients: Iterable[Any],
    kind: Kind,
    *,
    workspace: Any,
    subject_key: str,
    url: str,
    data: Mapping[str, Any] | None = None,
    about: str = "",
) -> None:
    """Tell each of `recipients`, users or None, of one event: in one statement, and once per person, kind and `subject_key`.

    `about` is the thing that can be muted and that mails group by, such as "video:<id>" or "link:<id>"; by default the
    event itself. `url` is a path of this site. Whether, when and how a person hears of it is decided by the worker, which
    reads their preferences; a person who may no longer see the thing hears nothing.
    """
    people = {each.pk for each in recipients if each is not None and each.is_active}
    rows = [
        Notice(
            recipient_id=person,
            workspace_id=getattr(workspace, "pk", workspace),
            kind=kind,
            subject_key=subject_key,
            about=about or subject_key,
            data=_plain(data or {}),
            url=url,
        )
        for person in sorted(people)
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)


def settle(*kinds: Kind, about: str = "", subject_key: str = "") -> None:
    """Close what was told of an event or a thing for everybody: it is done, or no longer true."""
    named = {"about": about, "subject_key": subject_key}
    rows = Notice.objects.filter(**{name: value for name, value in named.items() if value}, closed_at=None)
    if about or subject_key:
        (rows.filter(kind__in=kinds) if kinds else rows).update(closed_at=timezone.now(), mail_due_at=None)


def withdraw(*, about: str = "", subject_key: str = "") -> None:
    """Hide what was told of a thing that is gone. `bring_back` shows it again."""
    named = {"about": about, "subject_key": subject_key}
    if about or subject_key:
        rows = Notice.objects.filter(**{name: value for name, value in named.items() if value}, gone_at=None)
        rows.update(gone_at=timezone.now())


def bring_back(*, about: str) -> None:
    Notice.objects.filter(about=about).exclude(gone_at=None).update(gone_at=None)


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Small values that JSON holds: texts are cut, moments written in ISO form."""
    return {name: _value(value) for name, value in data.items() if value not in (None, "")}


def _value(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    return cut(value.isoformat() if hasattr(value, "isoformat") else str(value), LONGEST, end="…")
