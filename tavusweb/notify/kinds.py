"""Every kind of notice and its default delivery.

A notice stores its kind and data, never a sentence: `registry` has the words, which higher rooms register. The data of
each kind, all of it optional but `title`; `title` is a video's, `link` the name of a share link, `name` a person's:

    VIDEO_READY VIDEO_FAILED    title
    VIDEO_UNSURE                title, submission (the name at Tavus)
    SPENDING_ASKED              title, name (who asks)
    SPENDING_DECLINED           title
    TAKE_LOST                   title, link
    COMMENT REPLY               title, name, text, link
    APPROVED CHANGES_REQUESTED  title, name, reason, link
    APPROVAL_ASKED APPROVAL_DUE title, name (who asks), due (a date or moment in ISO form)
    FIRST_WATCHED               title, link
    VISITS                      title, link, views, plays
    LINK_EXPIRES                title, link, at (in ISO form)
    LINK_GUESSED                title, link
    LINK_CLOSED                 title, link, reason
    LINKS_FROZEN                reason
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    VIDEO_READY = "video_ready", _("A video of yours is ready")
    VIDEO_FAILED = "video_failed", _("A video of yours failed")
    VIDEO_UNSURE = "video_unsure", _("A video of yours needs a decision")
    SPENDING_ASKED = "spending_asked", _("A video waits for you to approve its cost")
    SPENDING_DECLINED = "spending_declined", _("The cost of a video of yours is declined")
    TAKE_LOST = "take_lost", _("Tavus no longer has a video that you share")
    COMMENT = "comment", _("Someone comments on your video or link")
    REPLY = "reply", _("Someone replies in a thread of yours")
    APPROVED = "approved", _("Someone approves your video")
    CHANGES_REQUESTED = "changes_requested", _("Someone requests changes to your video")
    APPROVAL_ASKED = "approval_asked", _("Your approval is needed")
    APPROVAL_DUE = "approval_due", _("An approval you owe is due soon")
    FIRST_WATCHED = "first_watched", _("A link of yours is watched for the first time")
    VISITS = "visits", _("Views of your links on one day")
    LINK_EXPIRES = "link_expires", _("A link of yours expires soon")
    LINK_GUESSED = "link_guessed", _("Someone guesses the password of a link")
    LINK_CLOSED = "link_closed", _("Staff close a link")
    LINKS_FROZEN = "links_frozen", _("Staff turn off all links of a workspace")


class Group(models.TextChoices):
    """The inbox's filters."""

    VIDEOS = "videos", _("Videos")
    COMMENTS = "comments", _("Comments")
    APPROVALS = "approvals", _("Approvals")
    LINKS = "links", _("Links")


GROUPS: dict[Group, tuple[Kind, ...]] = {
    Group.VIDEOS: (
        *(Kind.VIDEO_READY, Kind.VIDEO_FAILED, Kind.VIDEO_UNSURE, Kind.TAKE_LOST),
        *(Kind.SPENDING_ASKED, Kind.SPENDING_DECLINED),
    ),
    Group.COMMENTS: (Kind.COMMENT, Kind.REPLY),
    Group.APPROVALS: (Kind.APPROVAL_ASKED, Kind.APPROVAL_DUE, Kind.APPROVED, Kind.CHANGES_REQUESTED),
    Group.LINKS: (
        *(Kind.FIRST_WATCHED, Kind.VISITS, Kind.LINK_EXPIRES),
        *(Kind.LINK_GUESSED, Kind.LINK_CLOSED, Kind.LINKS_FROZEN),
    ),
}


class Cadence(models.TextChoices):
    """When a notice is mailed."""

    NOW = "now", _("Immediately")
    DAILY = "daily", _("Daily digest")
    WEEKLY = "weekly", _("Weekly digest")
    OFF = "off", _("Off")


CALM = frozenset({Kind.VIDEO_READY, Kind.VISITS})  # can wait for the next digest


def usual_cadence(kind: str) -> Cadence:
    return Cadence.DAILY if kind in CALM else Cadence.NOW


def kind_choices() -> list[tuple[str, str]]:
    """Return the choices; callable, so that adding a kind needs no migration."""
    return [(each.value, str(each.label)) for each in Kind]
