"""The words of a video's timeline: translated sentences for an event's kind and data. Pure."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .models.event import EventKind
from .models.status import Ask, UnsureCause
from .wait_reasons import Wait

Data = Mapping[str, Any]

# Kinds of events caused by people, with the person's name.
BY_PERSON = {
    EventKind.GENERATED: gettext_lazy("Created by %(name)s"),
    EventKind.RETRIED: gettext_lazy("Retried by %(name)s"),
    EventKind.SPENDING_APPROVED: gettext_lazy("Cost approved by %(name)s"),
    EventKind.SPENDING_DECLINED: gettext_lazy("Cost declined by %(name)s"),
    EventKind.CANCELLED: gettext_lazy("Cancelled by %(name)s"),
    EventKind.RESOLVED: gettext_lazy("Resolved by %(name)s: Tavus has this video"),
    EventKind.RESOLVED_MISSING: gettext_lazy("Resolved by %(name)s: Tavus doesn’t have this video. Sent again."),
    EventKind.TRASHED: gettext_lazy("Moved to trash by %(name)s"),
    EventKind.RESTORED: gettext_lazy("Restored by %(name)s"),
    EventKind.DELETED: gettext_lazy("Deleted by %(name)s"),
    EventKind.DELETE_REQUESTED: gettext_lazy("Deletion requested by %(name)s"),
    EventKind.EXTRA_COPY_DELETE_REQUESTED: gettext_lazy("Deletion of the extra copy requested by %(name)s"),
    EventKind.TAKE_SHOWN: gettext_lazy("Put behind a share link by %(name)s"),
    EventKind.TAKE_REPLACED: gettext_lazy("Replaced behind a share link by %(name)s"),
    EventKind.TAKE_PLANNED: gettext_lazy("Goes behind a share link when it’s ready. Planned by %(name)s"),
}


def sentence(kind: str, data: Data, *, name: str = "") -> str:
    """Say what happened, and who did it if `name` is known."""
    if kind not in EventKind.values:
        return kind
    if kind == EventKind.WAITING:
        return str(Wait(data["wait"]).label) if data.get("wait") in Wait.values else _("Waiting")
    if kind == EventKind.RENAMED:
        values = {"title": data.get("title", ""), "name": name}
        return (_("Renamed to “%(title)s” by %(name)s") if name else _("Renamed to “%(title)s”")) % values
    if kind == EventKind.RETRIED and data.get("is_edited"):
        return _("Edited and retried by %(name)s") % {"name": name} if name else _("Edited and retried")
    if kind == EventKind.DELETE_REQUESTED and data.get("mode") == "hard":
        return _("Permanent deletion requested by %(name)s") % {"name": name} if name else _("Permanent deletion")
    if name and kind in BY_PERSON:
        return str(BY_PERSON[EventKind(kind)]) % {"name": name}
    return str(EventKind(kind).label)


def details(data: Data) -> list[str]:
    """Return further lines: why a person was asked, what a reading of Tavus's list showed, a Tavus ID."""
    lines = []
    if data.get("ask") in Ask.values:
        lines.append(str(Ask(data["ask"]).label))
    if data.get("cause") in UnsureCause.values:
        lines.append(str(UnsureCause(data["cause"]).label))
    if "listed" in data:
        lines.append(listed(data))
    if data.get("is_confirmed"):
        lines.append(_("Two complete readings did not contain this video."))
    if data.get("is_of_old_key"):
        lines.append(
            _(
                "The API key has been replaced. If the new key belongs to another Tavus account, the previous account may "
                "still have the video."
            )
        )
    if data.get("link"):
        lines.append(_("Share link: %(name)s") % {"name": data["link"]})
    if data.get("before"):
        lines.append(_("Take before: “%(title)s”") % {"title": data["before"]})
    if data.get("after"):
        lines.append(_("Take from now on: “%(title)s”") % {"title": data["after"]})
    if data.get("tavus_id"):
        lines.append(_("Tavus ID: %(id)s") % {"id": data["tavus_id"]})
    return lines


def listed(report: Data) -> str:
    """Say how much of Tavus's list was read, and how many known videos it contained."""
    counts = {
        "listed": report["listed"],
        "total": report.get("total"),
        "witnesses": report.get("witnesses", 0),
        "shown": report.get("witnesses", 0) - report.get("missing", 0),
    }
    if counts["total"] is None:
        return (
            ngettext(
                "Tavus listed %(listed)d video, including %(shown)d of %(witnesses)d known.",
                "Tavus listed %(listed)d videos, including %(shown)d of %(witnesses)d known.",
                counts["listed"],
            )
            % counts
        )
    return (
        ngettext(
            "Tavus listed %(listed)d of %(total)d video, including %(shown)d of %(witnesses)d known.",
            "Tavus listed %(listed)d of %(total)d videos, including %(shown)d of %(witnesses)d known.",
            counts["total"],
        )
        % counts
    )
