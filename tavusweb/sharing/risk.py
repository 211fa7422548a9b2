"""Rate the risk of a live share link. Pure: all inputs are arguments; `ranking` is its equivalent in SQL."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

UNOPENED_AFTER = timedelta(days=60)


class Risk(models.TextChoices):
    """The reasons, most serious first."""

    OWNER_GONE = "owner_gone", _("Owner left the workspace")
    NO_EXPIRY = "no_expiry", _("No expiry")
    NO_PASSWORD = "no_password", _("No password")
    UNOPENED = "unopened", _("Not opened lately")
    VIDEO_DELETED = "video_deleted", _("Video deleted")


# What each reason adds to a link's rank.
WEIGHTS = {
    Risk.OWNER_GONE: 4,
    Risk.NO_EXPIRY: 3,
    Risk.NO_PASSWORD: 3,
    Risk.UNOPENED: 2,
    Risk.VIDEO_DELETED: 1,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """The known facts about a live link. `opened_at` is the last opening by someone outside the workspace."""

    created_at: datetime
    opened_at: datetime | None = None
    expires_at: datetime | None = None
    has_password: bool = False
    confirms_email: bool = False
    is_owner_member: bool = True
    is_video_deleted: bool = False


def risks_of(facts: Facts, at: datetime, *, unopened_after: timedelta = UNOPENED_AFTER) -> tuple[Risk, ...]:
    """Return the reasons to review a live link, most serious first; none if all is well."""
    holds = {
        Risk.OWNER_GONE: not facts.is_owner_member,
        Risk.NO_EXPIRY: facts.expires_at is None,
        Risk.NO_PASSWORD: not (facts.has_password or facts.confirms_email),
        Risk.UNOPENED: max(facts.opened_at or facts.created_at, facts.created_at) <= at - unopened_after,
        Risk.VIDEO_DELETED: facts.is_video_deleted,
    }
    return tuple(risk for risk in Risk if holds[risk])


def rank_of(risks: tuple[Risk, ...]) -> int:
    return sum(WEIGHTS[risk] for risk in risks)
