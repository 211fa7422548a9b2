"""Rank a workspace's share links by risk in the database, with the same rules as `risk`."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable

from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Membership, Workspace

from .models import ShareLink, Visit
from .retention import days_kept
from .risk import UNOPENED_AFTER, WEIGHTS, Facts, Risk, risks_of
from .visitor_policy import EmailRule

BY_RANK = (F("rank").desc(), "-created_at", "-pk")


def unopened_after(workspace: Workspace) -> timedelta:
    """Return when a link counts as unopened: at most the time that visits are kept."""
    days = days_kept(workspace)
    return min(UNOPENED_AFTER, timedelta(days=days)) if days else UNOPENED_AFTER


def is_live(at: datetime) -> Q:
    """Match links that work, as far as their own columns tell."""
    return Q(Q(expires_at=None) | Q(expires_at__gt=at), revoked_at=None, closed_at=None)


def links_of(workspace: Workspace) -> Any:
    return ShareLink.objects.filter(video__workspace=workspace)


class Ranking:
    """The share links of one workspace, ranked by their risk at one moment."""

    def __init__(self, workspace: Workspace, at: datetime) -> None:
        self.workspace, self.at = workspace, at
        self.unopened_after = unopened_after(workspace)

    def links(self) -> Any:
        """All links with `by_member`, `was_opened` and their rank: live links from 100 up, the riskiest first."""
        by_member = Membership.objects.filter(workspace=OuterRef("video__workspace"), user=OuterRef("created_by"))
        since = self.at - self.unopened_after
        opened = Visit.objects.filter(link=OuterRef("pk"), at__gt=since, is_machine=False, is_member=False)
        listed = links_of(self.workspace).filter(video__trashed_at=None)
        flagged = listed.annotate(by_member=Exists(by_member), was_opened=Exists(opened))
        rank: Combinable = Value(100)
        for risk, condition in self._conditions().items():
            rank = rank + Case(When(condition, then=Value(WEIGHTS[risk])), default=Value(0))
        live = When(is_live(self.at), then=rank)
        return flagged.annotate(rank=Case(live, default=Value(0), output_field=IntegerField())).order_by(*BY_RANK)

    def has(self, risk: Risk) -> Q:
        """Match live links with this risk in a queryset of `links`."""
        return is_live(self.at) & self._conditions()[risk]

    def counts(self) -> dict[str, int]:
        """Count all links, the live ones, and those with each risk in one query. `newest` is the largest primary key."""
        by_risk = {risk.value: Count("pk", filter=self.has(risk)) for risk in Risk}
        totals = self.links().aggregate(
            all=Count("pk"), live=Count("pk", filter=is_live(self.at)), newest=Max("pk"), **by_risk
        )
        return {name: count or 0 for name, count in totals.items()}

    def note_risks(self, links: list[Any]) -> None:
        """Set `risks` on each link of a page of `links`, without another query."""
        for link in links:
            facts = Facts(
                created_at=link.created_at,
                opened_at=self.at if link.was_opened else None,
                expires_at=link.expires_at,
                has_password=link.has_password,
                confirms_email=link.email_rule == EmailRule.CONFIRMED,
                is_owner_member=link.by_member,
                is_video_deleted=link.video.is_deleted or bool(link.video.wants_delete),
            )
            link.risks = risks_of(facts, self.at, unopened_after=self.unopened_after) if link.rank else ()

    def _conditions(self) -> dict[Risk, Q]:
        return {
            Risk.OWNER_GONE: Q(by_member=False),
            Risk.NO_EXPIRY: Q(expires_at=None),
            Risk.NO_PASSWORD: Q(password_hash="") & ~Q(email_rule=EmailRule.CONFIRMED),
            Risk.UNOPENED: Q(created_at__lte=self.at - self.unopened_after, was_opened=False),
            Risk.VIDEO_DELETED: Q(video__status=Status.DELETED) | ~Q(video__wants_delete=""),
        }
