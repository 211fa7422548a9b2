"""Wording of every kind of notice in the inbox, mails and browser. Pure: reads only the notice's data."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tavusweb.notify.kinds import Kind
from tavusweb.notify.registry import Data, Words

Lines = Callable[[list[Data]], str]


def _values(rows: list[Data]) -> dict[str, Any]:
    """Describe several notices by the latest one and their number."""
    return {"title": "", "name": "", "link": "", "reason": ""} | dict(rows[-1]) | {"count": len(rows)}


def day_of(text: Any) -> str:
    """Format a stored date or time in the reader's locale and time zone; "" for anything else."""
    try:
        if len(str(text)) <= len("2026-01-01"):
            return date_format(date.fromisoformat(str(text)))
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return ""
    return date_format(timezone.localtime(moment) if timezone.is_aware(moment) else moment, "DATE_FORMAT")


# Videos.


def _ready(rows: list[Data]) -> str:
    return _("“%(title)s” is ready") % _values(rows)


def _failed(rows: list[Data]) -> str:
    return _("“%(title)s” failed") % _values(rows)


def _failed_details(data: Data) -> list[str]:
    return [_("Open the video to see the reason and to try again.")]


def _unsure(rows: list[Data]) -> str:
    return _("Decision needed: %(title)s") % _values(rows)


def _unsure_details(data: Data) -> list[str]:
    lines = [
        _("We can’t tell whether Tavus received this video. Nothing more will be sent until you decide."),
        _("Look for the name below in your videos at Tavus, then open the video and choose Resolve."),
    ]
    if data.get("submission"):
        lines.append(_("Name at Tavus: %(name)s") % {"name": data["submission"]})
    return lines


def _lost(rows: list[Data]) -> str:
    return _("Tavus no longer has “%(title)s”") % _values(rows)


def _lost_details(data: Data) -> list[str]:
    return [
        _("Viewers of its links see that it is being replaced. Retry the video, or put another take behind the link.")
    ]


def _spending(rows: list[Data]) -> str:
    return _("Approve the cost of “%(title)s”?") % _values(rows)


def _spending_details(data: Data) -> list[str]:
    asked = [_("%(name)s wants to make this video.") % {"name": data["name"]}] if data.get("name") else []
    return [*asked, _("It waits, and nothing is charged, until an owner or admin approves or declines it.")]


def _declined(rows: list[Data]) -> str:
    return _("The cost of “%(title)s” was declined") % _values(rows)


def _declined_details(data: Data) -> list[str]:
    return [_("The video is cancelled and nothing was charged. You can edit it and ask again.")]


# Comments.


def _comment(rows: list[Data]) -> str:
    values = _values(rows)
    if len(rows) > 1:
        text = ngettext("%(count)d new comment on “%(title)s”", "%(count)d new comments on “%(title)s”", len(rows))
    elif values["name"]:
        text = _("%(name)s commented on “%(title)s”")
    else:
        text = _("New comment on “%(title)s”")
    return text % values


def _reply(rows: list[Data]) -> str:
    values = _values(rows)
    if len(rows) > 1:
        text = ngettext("%(count)d new reply on “%(title)s”", "%(count)d new replies on “%(title)s”", len(rows))
    elif values["name"]:
        text = _("%(name)s replied on “%(title)s”")
    else:
        text = _("New reply on “%(title)s”")
    return text % values


def _said(data: Data) -> list[str]:
    lines = [_("“%(text)s”") % {"text": " ".join(str(data["text"]).split())}] if data.get("text") else []
    return lines + _through(data)


def _through(data: Data) -> list[str]:
    return [_("Share link: %(link)s") % {"link": data["link"]}] if data.get("link") else []


# Approvals.


def _approved(rows: list[Data]) -> str:
    values = _values(rows)
    if len(rows) > 1:
        text = ngettext("%(count)d approval of “%(title)s”", "%(count)d approvals of “%(title)s”", len(rows))
    elif values["name"]:
        text = _("%(name)s approved “%(title)s”")
    else:
        text = _("“%(title)s” was approved")
    return text % values


def _changes(rows: list[Data]) -> str:
    values = _values(rows)
    if len(rows) > 1:
        text = ngettext(
            "%(count)d request for changes to “%(title)s”", "%(count)d requests for changes to “%(title)s”", len(rows)
        )
    elif values["name"]:
        text = _("%(name)s requested changes to “%(title)s”")
    else:
        text = _("Changes requested to “%(title)s”")
    return text % values


def _reason(data: Data) -> list[str]:
    return [_("Reason: %(reason)s") % {"reason": " ".join(str(data["reason"]).split())}] if data.get("reason") else []


def _reason_and_link(data: Data) -> list[str]:
    return _reason(data) + _through(data)


def _asked(rows: list[Data]) -> str:
    return _("Your approval is needed: %(title)s") % _values(rows)


def _asked_details(data: Data) -> list[str]:
    lines = [_("Asked by %(name)s") % {"name": data["name"]}] if data.get("name") else []
    return lines + _due(data)


def _due(data: Data) -> list[str]:
    day = day_of(data.get("due"))
    return [_("Due on %(day)s") % {"day": day}] if day else []


def _due_soon(rows: list[Data]) -> str:
    return _("Reminder: your approval is needed: %(title)s") % _values(rows)


# Links.


def _first(rows: list[Data]) -> str:
    return _("“%(title)s” was watched for the first time") % _values(rows)


def _visits(rows: list[Data]) -> str:
    views = sum(int(row.get("views", 0)) for row in rows)
    text = ngettext("%(count)d view of “%(title)s”", "%(count)d views of “%(title)s”", views)
    return text % (_values(rows) | {"count": views})


def _expires(rows: list[Data]) -> str:
    values = _values(rows) | {"day": day_of(rows[-1].get("at"))}
    return (
        _("Your link to “%(title)s” expires on %(day)s")
        if values["day"]
        else _("Your link to “%(title)s” expires soon")
    ) % values


def _expires_details(data: Data) -> list[str]:
    return [*_through(data), _("If people still need it, give it a later date under Shared links.")]


def _guessed(rows: list[Data]) -> str:
    return _("Wrong passwords for a share link: %(title)s") % _values(rows)


def _guessed_details(data: Data) -> list[str]:
    return [
        *_through(data),
        _(
            "The link stays on, and people with the right password can still open it. If you don’t expect this, revoke the "
            "link and create a new one with a longer password."
        ),
    ]


def _closed(rows: list[Data]) -> str:
    return _("The staff of this server closed your link to “%(title)s”") % _values(rows)


def _frozen(rows: list[Data]) -> str:
    return _("The staff of this server turned off all share links of this workspace")


WORDS: dict[Kind, Words] = {
    Kind.VIDEO_READY: Words(_ready),
    Kind.VIDEO_FAILED: Words(_failed, _failed_details),
    Kind.VIDEO_UNSURE: Words(_unsure, _unsure_details),
    Kind.SPENDING_ASKED: Words(_spending, _spending_details),
    Kind.SPENDING_DECLINED: Words(_declined, _declined_details),
    Kind.TAKE_LOST: Words(_lost, _lost_details),
    Kind.COMMENT: Words(_comment, _said),
    Kind.REPLY: Words(_reply, _said),
    Kind.APPROVED: Words(_approved, _through),
    Kind.CHANGES_REQUESTED: Words(_changes, _reason_and_link),
    Kind.APPROVAL_ASKED: Words(_asked, _asked_details),
    Kind.APPROVAL_DUE: Words(_due_soon, _asked_details),
    Kind.FIRST_WATCHED: Words(_first, _through),
    Kind.VISITS: Words(_visits, _through),
    Kind.LINK_EXPIRES: Words(_expires, _expires_details),
    Kind.LINK_GUESSED: Words(_guessed, _guessed_details),
    Kind.LINK_CLOSED: Words(_closed, _reason_and_link),
    Kind.LINKS_FROZEN: Words(_frozen, _reason),
}
