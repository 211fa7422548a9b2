"""Mail notices: collect those due into letters, then send the letters.

Any number of workers may do this at once. A notice is put into one letter and a letter is claimed, each by a
compare-and-set, so each is mailed once. A process that dies between the mail server's yes and its record is the one case
in which a letter is sent twice: under the same Message-ID.
"""

import logging
import time
from collections import defaultdict
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from .choices import Choices, zone_of
from .digests import next_digest
from .kinds import Cadence
from .letters import compose
from .mail import sends_mail
from .models import Letter, Notice

SECONDS = 40  # per run, below the task's time limit
PEOPLE_AT_ONCE = 500
MOST_IN_LETTER = 2000  # notices; the rest go into the next letter
MOST_PER_HOUR = 6  # immediate letters to one person; later notices wait and share one
LETTERS_AT_ONCE = 200
REFUSED_FOR_GOOD = 3  # rejections by a mailbox before its mail is given up

log = logging.getLogger(__name__)


def deliver() -> None:
    """Mail everything due. Scheduled every minute by django-q2."""
    if not sends_mail():
        Notice.objects.filter(mail_due_at__lte=timezone.now()).update(mail_due_at=None)
        return
    until = time.monotonic() + SECONDS
    collect(until)
    send(until)


def collect(until: float) -> None:
    """Collect due notices into letters, one recipient at a time."""
    due = Notice.objects.filter(mail_due_at__lte=timezone.now()).order_by("recipient_id")
    people = list(due.values_list("recipient_id", flat=True).distinct()[:PEOPLE_AT_ONCE])
    for person in get_user_model().objects.filter(pk__in=people):
        if time.monotonic() > until:
            return
        _collect_for(person, timezone.now())


def _collect_for(person: Any, now: datetime) -> None:
    due = Notice.objects.filter(recipient=person, mail_due_at__lte=now, letter=None).order_by("created_at")
    choices, zone = Choices.of(person), zone_of(person)
    into: dict[Cadence, list[UUID]] = defaultdict(list)
    later: dict[datetime | None, list[UUID]] = defaultdict(list)
    room_at = _room_at(person, now)
    for row in due[:MOST_IN_LETTER]:
        cadence = choices.mail(row.kind)
        if cadence == Cadence.OFF or row.about in choices.muted or not _may_be_mailed(row):
            later[None].append(row.pk)
        elif cadence == Cadence.NOW and room_at > now:
            later[room_at].append(row.pk)
        elif cadence != Cadence.NOW and (at := next_digest(row.created_at, cadence, zone)) > now:
            later[at].append(row.pk)
        else:
            into[cadence].append(row.pk)
    with transaction.atomic():
        for moment, pks in later.items():
            Notice.objects.filter(pk__in=pks, letter=None).update(mail_due_at=moment)
        for cadence, pks in into.items():
            letter = Letter.objects.create(recipient=person, cadence=cadence)
            mine = Notice.objects.filter(pk__in=pks, letter=None, mail_due_at__lte=now)
            if not mine.update(letter=letter, mail_due_at=None):
                letter.delete()  # another worker has collected them


def _may_be_mailed(notice: Notice) -> bool:
    """Return whether a notice still needs mailing: not if it was read or settled in the app."""
    return not (notice.read_at or notice.closed_at or notice.deleted_at or notice.gone_at)


def _room_at(person: Any, now: datetime) -> datetime:
    """Return when the next immediate letter may be sent to this person."""
    recent = Letter.objects.filter(recipient=person, cadence=Cadence.NOW, created_at__gt=now - timedelta(hours=1))
    times = list(recent.order_by("-created_at").values_list("created_at", flat=True)[:MOST_PER_HOUR])
    return times[-1] + timedelta(hours=1) if len(times) == MOST_PER_HOUR else now


def send(until: float) -> None:
    """Send due letters over one connection. During an outage the rest wait for the next run."""
    due = Letter.objects.filter(next_attempt_at__lte=timezone.now()).select_related("recipient")
    connection = get_connection()
    try:
        for letter in due.order_by("next_attempt_at")[:LETTERS_AT_ONCE]:
            if time.monotonic() > until:
                return
            if letter.claim() and not _send_one(letter, connection):
                return
    finally:
        try:
            connection.close()
        except OSError:
            log.info("The connection to the mail server broke while it was closed")


def _send_one(letter: Letter, connection: BaseEmailBackend) -> bool:
    """Send a claimed letter; return False if the mail server is unavailable."""
    message = compose(letter)
    if message is None:
        letter.record_empty()
        return True
    message.connection = connection
    try:
        message.send()
    except (SMTPRecipientsRefused, ValueError) as error:  # ValueError: an address that cannot be encoded
        problem = type(error).__name__
        log.warning("Letter %s was refused (%s)", letter.pk, problem)
        (letter.record_refused if letter.attempts >= REFUSED_FOR_GOOD else letter.record_failed)(problem)
        return True
    except OSError as error:  # smtplib's other errors too
        log.warning("Letter %s could not be mailed (%s); it is tried again", letter.pk, type(error).__name__)
        letter.record_failed(type(error).__name__)
        return False
    letter.record_sent()
    return True
