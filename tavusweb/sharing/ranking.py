"""Rank a workspace's share links by risk in the database, by the same reasons as `risk`."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable

from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Membership, Workspace

from .models import ShareLink, ShareLinkQuerySet, Visit
from .risk import UNOPENED_AFTER, WEIGHTS, Facts, Risk, risks_of
from .visitor_policy import EmailRule


def unopened_after() -> timedelta:
    """The time after which a link counts as unopened: no longer than visits are kept, which could not tell."""
    days = settings.KEEP_VISITS_DAYS
    return min(UNOPENED_AFTER, timedelta(days=days)) if days else UNOPENED_AFTER


def is_live(at: datetime) -> Q:
    """Links that open their page, as far as the link itself goes."""
    return Q(Q(expires_at=None) | Q(expires_at__gt=at), revoked_at=None, closed_at=None)


def with_risks(links: ShareLinkQuerySet, at: datetime) -> Any:
    """Annotate `by_member`, one boolean per risk, and the rank: live links from 100 up, the riskiest first."""
    since = at - unopened_after()
    by_member = Membership.objects.filter(workspace=OuterRef("video__workspace"), user=OuterRef("created_by"))
    opened = Visit.objects.filter(link=OuterRef("pk"), at__gt=since, is_machine=False, is_member=False)
    flagged = links.annotate(by_member=Exists(by_member), was_opened=Exists(opened))
    rank: Combinable = Value(100)
    for risk, condition in _conditions(since).items():
        rank = rank + Case(When(condition, then=Value(WEIGHTS[risk])), default=Value(0))
    return flagged.annotate(
        rank=Case(When(is_live(at), then=rank), default=Value(0), output_field=IntegerField()),
    )


def has_risk(risk: Risk, at: datetime) -> Q:
    """Live links with this risk; on a queryset of `with_risks`."""
    return is_live(at) & _conditions(at - unopened_after())[risk]


def count_risks(links: Any, at: datetime) -> dict[str, int]:
    """Count, in one query, all links, the live ones, and those of each risk; on a queryset of `with_risks`.

    `newest` is the largest primary key.
    """
    counts = {risk.value: Count("pk", filter=has_risk(risk, at)) for risk in Risk}
    totals = links.aggregate(all=Count("pk"), live=Count("pk", filter=is_live(at)), newest=Max("pk"), **counts)
    return {name: count or 0 for name, count in totals.items()}


def links_of(workspace: Workspace) -> Any:
    return ShareLink.objects.filter(video__workspace=workspace)


def note_risks(links: list[Any], at: datetime) -> None:
    """Give each link of a page of `with_risks` its `risks`, from what the page has already."""
    for link in links:
        facts = Facts(
            created_at=link.created_at,
            opened_at=at if link.was_opened else None,
            expires_at=link.expires_at,
            has_password=link.has_password,
            confirms_email=link.email_rule == EmailRule.CONFIRMED,
            is_owner_member=link.by_member,
            is_video_deleted=link.video.is_deleted or bool(link.video.wants_delete),
        )
        link.risks = risks_of(facts, at, unopened_after=unopened_after()) if link.rank else ()


def _conditions(since: datetime) -> dict[Risk, Q]:
    return {
        Risk.OWNER_GONE: Q(by_member=False),
        Risk.NO_EXPIRY: Q(expires_at=None),
        Risk.NO_PASSWORD: Q(password_hash="") & ~Q(email_rule=EmailRule.CONFIRMED),
        Risk.UNOPENED: Q(created_at__lte=since, was_opened=False),
        Risk.VIDEO_DELETED: Q(video__status=Status.DELETED) | ~Q(video__wants_delete=""),
    }


BY_RANK = (F("rank").desc(), "-created_at", "-pk")
