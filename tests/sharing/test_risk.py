"""How risky a live share link is: the reasons as a table, and the same in the database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.sharing.models import ShareLink
from tavusweb.sharing.ranking import Ranking
from tavusweb.sharing.risk import Facts, Risk, rank_of, risks_of
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAYS = timedelta(days=1)
SAFE = Facts(created_at=NOW - 3 * DAYS, expires_at=NOW + DAYS, has_password=True)
OLD = replace(SAFE, created_at=NOW - 200 * DAYS)

TABLE = [
    ("in good order", SAFE, []),
    ("a confirmed email protects like a password", replace(SAFE, has_password=False, confirms_email=True), []),
    ("no expiry", replace(SAFE, expires_at=None), [Risk.NO_EXPIRY]),
    ("neither password nor confirmed email", replace(SAFE, has_password=False), [Risk.NO_PASSWORD]),
    ("its owner left", replace(SAFE, is_owner_member=False), [Risk.OWNER_GONE]),
    ("its video is deleted", replace(SAFE, is_video_deleted=True), [Risk.VIDEO_DELETED]),
    ("never opened, but young", SAFE, []),
    ("never opened", OLD, [Risk.UNOPENED]),
    ("opened 59 days ago", replace(OLD, opened_at=NOW - 59 * DAYS), []),
    ("opened 60 days ago", replace(OLD, opened_at=NOW - 60 * DAYS), [Risk.UNOPENED]),
    ("made 60 days ago", replace(SAFE, created_at=NOW - 60 * DAYS), [Risk.UNOPENED]),
    ("everything", Facts(NOW - 90 * DAYS, is_owner_member=False, is_video_deleted=True), list(Risk)),
]


@pytest.mark.parametrize(("facts", "risks"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_reasons_of_one_link(facts: Facts, risks: list[Risk]) -> None:
    assert list(risks_of(facts, NOW)) == risks


def test_more_reasons_rank_higher() -> None:
    assert rank_of(tuple(Risk)) > rank_of((Risk.OWNER_GONE,)) > rank_of((Risk.NO_EXPIRY,)) > rank_of(()) == 0


@pytest.fixture
def every_kind(make_video: Any, maria: User, zoe: User) -> list[ShareLink]:
    """A link of each combination of facts: 2 × 2 × 3 × 2 × 2."""
    now = timezone.now()
    videos = [make_video(Status.READY), make_video(Status.DELETED)]
    links = []
    for video, owner, gate, expires, age in product(
        videos, [maria, zoe], [{}, {"password_hash": "x"}, {"email_rule": "confirmed"}], [None, now + DAYS], [1, 70]
    ):
        created_at = now - age * DAYS
        links.append(ShareLink(video=video, created_by=owner, expires_at=expires, created_at=created_at, **gate))
    links = ShareLink.objects.bulk_create(links)
    links[0].visits.create(number="a" * 16, viewer="v", at=now)
    links[1].visits.create(number="b" * 16, viewer="v", at=now - 61 * DAYS)
    links[3].visits.create(number="c" * 16, viewer="v", at=now, is_machine=True)
    links[5].visits.create(number="d" * 16, viewer="v", at=now, is_member=True)
    return links


def test_database_and_python_rules_agree(every_kind: list[ShareLink], workspace: Workspace) -> None:
    ranking = Ranking(workspace, timezone.now())
    rows = list(ranking.links().select_related("video"))
    ranking.note_risks(rows)

    assert len(rows) == len(every_kind) == 48
    assert [row.rank - 100 for row in rows] == sorted((rank_of(row.risks) for row in rows), reverse=True)
    counts = ranking.counts()
    for risk in Risk:
        by_filter = set(ranking.links().filter(ranking.has(risk)).values_list("pk", flat=True))
        assert by_filter == {row.pk for row in rows if risk in row.risks}
        assert counts[risk] == len(by_filter) > 0


def test_ended_links_come_last_and_have_no_risk(make_video: Any, maria: User, workspace: Workspace) -> None:
    video, now = make_video(Status.READY), timezone.now()
    live = ShareLink.objects.create(video=video, created_by=maria, password_hash="x", expires_at=now + DAYS)
    ended = [
        ShareLink.objects.create(video=video, **fields)
        for fields in ({"revoked_at": now}, {"closed_at": now}, {"expires_at": now - DAYS})
    ]

    ranking = Ranking(workspace, now)
    rows = list(ranking.links().select_related("video"))
    ranking.note_risks(rows)

    assert rows[0] == live
    assert {row.pk for row in rows[1:]} == {link.pk for link in ended}
    assert not any(row.risks for row in rows)


@pytest.mark.parametrize(("operator", "own"), [(30, None), (None, 30), (365, 7)])
def test_short_visit_retention_shortens_the_unopened_period(
    operator: int | None, own: int | None, make_video: Any, maria: User, workspace: Workspace, settings: Any
) -> None:
    settings.KEEP_VISITS_DAYS, workspace.keep_visits_days = operator, own
    now = timezone.now()
    ShareLink.objects.create(video=make_video(Status.READY), created_by=maria, created_at=now - 40 * DAYS)

    ranking = Ranking(workspace, now)
    [row] = ranking.links().select_related("video")
    ranking.note_risks([row])

    assert Risk.UNOPENED in row.risks
