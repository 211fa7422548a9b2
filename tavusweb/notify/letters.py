"""Letter text in the recipient's language and time zone: one line per subject, by workspace."""

from collections import defaultdict
from dataclasses import dataclass
from email.utils import formatdate
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext, override

from tavusweb.http import absolute_url
from tavusweb.text_policy import as_line, cut

from .choices import Choices, language_of, zone_of
from .kinds import Cadence
from .mail import harmless
from .models import Letter, Notice
from .registry import Data, visible, words_of
from .unsubscribe import Unsubscribe

MOST_LINES = 50
SUBJECT = 120  # characters


@dataclass(frozen=True)
class Line:
    """One subject: what happened, details, and the link to it."""

    text: str
    details: list[str]
    url: str


@dataclass(frozen=True)
class Section:
    workspace: str
    lines: list[Line]


def compose(letter: Letter) -> EmailMultiAlternatives | None:
    """Return a letter's mail, or None if all its notices are outdated."""
    person = letter.recipient
    if not person.is_active:
        return None
    notices = _news(letter)
    if not notices:
        return None
    with override(language_of(person)), timezone.override(zone_of(person)):
        return _mail(letter, notices)


def _news(letter: Letter) -> list[Notice]:
    """Return the notices the recipient has not read yet, may still see and still wants mailed."""
    rows = letter.notices.active().unread().select_related("workspace").order_by("created_at")
    choices = Choices.of(letter.recipient)
    wanted = [row for row in rows if choices.mail(row.kind) != Cadence.OFF and row.about not in choices.muted]
    seen = visible(wanted)
    return [row for row in wanted if row.pk in seen]


def _mail(letter: Letter, notices: list[Notice]) -> EmailMultiAlternatives:
    sections, more = _sections(notices)
    [first, *others] = [line for section in sections for line in section.lines]
    unsubscribe = Unsubscribe(letter.recipient_id, tuple(sorted({notice.kind for notice in notices})))
    url = absolute_url(reverse("unsubscribe", args=[unsubscribe.token]))
    subject = first.text if not others else _subject(letter, len(others) + 1 + more, sections)
    context = {
        "subject": subject,
        "sections": sections,
        "more": more,
        "language": language_of(letter.recipient),
        "settings_url": absolute_url(reverse("notification_settings")),
        "unsubscribe_url": url,
    }
    message = EmailMultiAlternatives(
        cut(as_line(subject), SUBJECT, end="…"),
        render_to_string("notify/letter.txt", context),
        to=[letter.recipient.email],
        headers={
            "Message-ID": f"<{letter.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Date": formatdate(letter.created_at.timestamp()),
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("notify/letter.html", context), "text/html")
    return message


def _subject(letter: Letter, count: int, sections: list[Section]) -> str:
    values = {"count": count, "workspace": sections[0].workspace}
    if letter.cadence == Cadence.DAILY:
        return ngettext("Today: %(count)d update", "Today: %(count)d updates", count) % values
    if letter.cadence == Cadence.WEEKLY:
        return ngettext("This week: %(count)d update", "This week: %(count)d updates", count) % values
    if len(sections) == 1:
        text = ngettext("%(count)d update in %(workspace)s", "%(count)d updates in %(workspace)s", count)
        return text % values
    return ngettext("%(count)d update", "%(count)d updates", count) % values


def _sections(notices: list[Notice]) -> tuple[list[Section], int]:
    """Group lines by workspace and count the rest. Comments on one subject share a line."""
    things: dict[tuple[str, int], dict[tuple[str, str], list[Notice]]] = defaultdict(lambda: defaultdict(list))
    for notice in notices:
        things[notice.workspace.name, notice.workspace_id][notice.kind, notice.about].append(notice)
    room = MOST_LINES
    sections = []
    for (name, _pk), by_thing in sorted(things.items()):
        lines = [_line(kind, rows) for (kind, _about), rows in list(by_thing.items())[:room]]
        room -= len(lines)
        if lines:
            sections.append(Section(name, lines))
    return sections, sum(map(len, things.values())) - (MOST_LINES - room)


def _line(kind: str, notices: list[Notice]) -> Line:
    words = words_of(kind)
    data: list[Data] = [harmless(notice.data) for notice in notices]
    details = words.details(data[0]) if len(data) == 1 else []
    return Line(words.line(data), details, absolute_url(notices[-1].url))
