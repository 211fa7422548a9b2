"""Create, settle and withdraw notices, and change them for their recipients.

`tell`, `settle` and `withdraw` are called inside the transaction of what happened.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.text_policy import cut

from .kinds import Cadence, Kind
from .models import Mute, Notice, Preference

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
    """Notify `recipients` (users, their keys or None) of one event, in one statement and once per person, kind and `subject_key`.

    `about` is the thing that can be muted and that mails group by, such as "video:<id>" or "link:<id>"; by default the
    event itself. `url` is a path of this site. Whether, when and how a person hears of it is decided by the worker, which
    reads their preferences; a person who may no longer see the thing hears nothing.
    """
    people = {getattr(each, "pk", each) for each in recipients if each is not None and getattr(each, "is_active", True)}
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


def settle(*kinds: Kind, about: str = "", subject_key: str | Iterable[str] = (), recipient: Any = None) -> None:
    """Close notices about a subject or events, for everyone or one person: done, or no longer true."""
    keys = [subject_key] if isinstance(subject_key, str) else list(subject_key)
    if not about and not keys:
        return
    rows = Notice.objects.filter(closed_at=None)
    if about:
        rows = rows.filter(about=about)
    if keys:
        rows = rows.filter(subject_key__in=keys)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if recipient is not None:
        rows = rows.filter(recipient=recipient)
    rows.update(closed_at=timezone.now(), mail_due_at=None)


def withdraw(*, about: str = "", subject_key: str = "") -> None:
    """Hide notices about a deleted object. `bring_back` shows them again."""
    named = {"about": about, "subject_key": subject_key}
    if about or subject_key:
        rows = Notice.objects.filter(**{name: value for name, value in named.items() if value}, gone_at=None)
        rows.update(gone_at=timezone.now())


def bring_back(*, about: str) -> None:
    Notice.objects.filter(about=about).exclude(gone_at=None).update(gone_at=None)


def withdraw_all(about: Iterable[str]) -> None:
    """Hide notices about many objects, in one query."""
    Notice.objects.filter(about__in=list(about), gone_at=None).update(gone_at=timezone.now())


def bring_back_all(about: Iterable[str]) -> None:
    Notice.objects.filter(about__in=list(about)).exclude(gone_at=None).update(gone_at=None)


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Convert values to small JSON ones: truncate texts, write times in ISO format."""
    return {name: _value(value) for name, value in data.items() if value not in (None, "")}


def _value(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    return cut(value.isoformat() if hasattr(value, "isoformat") else str(value), LONGEST, end="…")


# Preferences.


@transaction.atomic
def choose(actor: Actor, user: Any, choices: Mapping[str, Mapping[str, Any]], *, language: str, time_zone: str) -> None:
    """Save notification preferences, language and time zone, and reschedule waiting notices accordingly."""
    rows = [Preference(user=user, kind=kind, **chosen) for kind, chosen in choices.items()]
    Preference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "kind"], update_fields=["mail", "in_app", "in_browser"]
    )
    before = {"language": user.language, "time_zone": user.time_zone}
    after = {"language": language, "time_zone": time_zone}
    if before != after:
        get_user_model().objects.filter(pk=user.pk).update(**after)
        user.language, user.time_zone = language, time_zone
        record(actor, AuditAction.ACCOUNT_CHANGED, target=user, before=before, after=after)
    _make_mails_due(user)


@transaction.atomic
def stop_mails(actor: Actor, user: Any, kinds: Iterable[str]) -> None:
    """Turn off mails of these kinds. The unsubscribe link calls this without a sign-in."""
    stopped = sorted(kinds)
    known = {each.kind: each for each in Preference.objects.filter(user=user, kind__in=stopped)}
    if stopped and all(kind in known and known[kind].mail == Cadence.OFF for kind in stopped):
        return
    rows = [Preference(user=user, kind=kind, mail=Cadence.OFF) for kind in stopped]
    Preference.objects.bulk_create(rows, update_conflicts=True, unique_fields=["user", "kind"], update_fields=["mail"])
    record(actor, AuditAction.ACCOUNT_CHANGED, target=user, after={"mail_off": stopped})
    _make_mails_due(user)


def _make_mails_due(user: Any) -> None:
    Notice.objects.filter(recipient=user, mail_due_at__isnull=False).update(mail_due_at=timezone.now())


# Inbox actions. Each returns whether anything changed, so a concurrent repeat is not an error.


def mark_read(notice: Notice) -> bool:
    return bool(Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now()))


def mark_unread(notice: Notice) -> bool:
    return bool(Notice.objects.filter(pk=notice.pk).exclude(read_at=None).update(read_at=None))


def close(notice: Notice) -> bool:
    now = timezone.now()
    return bool(Notice.objects.filter(pk=notice.pk, closed_at=None).update(closed_at=now, mail_due_at=None))


def reopen(notice: Notice) -> bool:
    return bool(Notice.objects.filter(pk=notice.pk).exclude(closed_at=None).update(closed_at=None))


def delete(notice: Notice) -> bool:
    """Delete a notice from the inbox. The row is kept so that the same event is not announced again."""
    now = timezone.now()
    return bool(Notice.objects.filter(pk=notice.pk, deleted_at=None).update(deleted_at=now, mail_due_at=None))


def restore(notice: Notice) -> bool:
    return bool(Notice.objects.filter(pk=notice.pk).exclude(deleted_at=None).update(deleted_at=None))


def mute(notice: Notice) -> bool:
    """Mute the subject of a notice for its recipient."""
    title = cut(str(notice.data.get("title", "")), 200)
    row = {"workspace_id": notice.workspace_id, "title": title}
    return Mute.objects.get_or_create(user_id=notice.recipient_id, about=notice.about, defaults=row)[1]


def unmute(user: Any, about: str) -> bool:
    return bool(Mute.objects.filter(user=user, about=about).delete()[0])


def mark_all_read(user: Any, workspace: Any) -> int:
    """Mark everything in a person's inbox in a workspace as read."""
    return Notice.objects.inbox_of(user, workspace).unread().update(read_at=timezone.now())
