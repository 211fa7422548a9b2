"""Measure the audit log's page as the log grows: complete requests through the view, on a separate database.

`bin/bench audit_log [--events 1000 10000 100000]` prints a Markdown table. DATABASE_URL can name another, empty database.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bench.growth import milliseconds, run

PEOPLE = 40
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"


def pages(have: int, now: Any) -> Iterator[tuple[str, str]]:
    """Yield the pages to measure: title and URL."""
    from django.urls import reverse

    page = reverse("audit_log", args=["bench"])
    yield "first page", page
    yield "page in the middle", f"{page}?before={have // 2}"
    yield "last page", f"{page}?before=60"
    yield "action: frequent (60%)", f"{page}?action=video_generated"
    yield "action: once", f"{page}?action=key_added"
    yield "one day in the middle", f"{page}?since={_day(now, have // 2)}&until={_day(now, have // 2)}"
    yield "since yesterday", f"{page}?since={_day(now, 1440)}"
    yield "since the middle", f"{page}?since={_day(now, have // 2)}"
    yield "until the middle", f"{page}?until={_day(now, have // 2)}"
    yield "who: one of 40", f"{page}?who=person7@"
    yield "who: no match", f"{page}?who=zzzzz"
    yield "search: in every event", f"{page}?q=onboarding"
    yield "search: one event", f"{page}?q=needle"
    yield "search: no match", f"{page}?q=zzzzz"


def _day(now: Any, minutes: int) -> str:
    return str((now - timedelta(minutes=minutes)).date())


def fill(upto: int, have: int, began: Any) -> None:
    """Add events `have` to `upto` for two workspaces, a minute apart, without valid seals, which pages do not read."""
    from django.db import models

    from tavusweb.audit.actions import AuditAction
    from tavusweb.audit.models import AuditChain, AuditEvent

    actions = (
        [AuditAction.VIDEO_GENERATED] * 12
        + [AuditAction.ENTERED] * 4
        + [AuditAction.SHARE_CREATED] * 3
        + [AuditAction.VIDEO_DELETED]
    )

    def event(chain: AuditChain, seq: int) -> AuditEvent:
        return AuditEvent(
            chain=chain,
            seq=seq,
            at=began + timedelta(minutes=seq),
            actor=f"person{seq % PEOPLE}@example.com",
            actor_pk=seq % PEOPLE + 1,
            address=f"203.0.{seq % 200}.{seq % 250}",
            agent=AGENT,
            action=AuditAction.KEY_ADDED if seq == 500 else actions[seq * 37 % 20],
            target="The needle" if seq == 700 else f"Video {seq} about onboarding",
            target_type="videos.video",
            target_pk=str(seq),
            after={"key": "Main (…abcd)"},
            previous="0" * 64,
            hash="1" * 64,
            seal="2" * 64,
        )

    for chain in AuditChain.objects.filter(workspace__isnull=False):
        for start in range(have + 1, upto + 1, 1000):
            events = [event(chain, seq) for seq in range(start, min(start + 1000, upto + 1))]
            models.QuerySet(AuditEvent).bulk_create(events)
        AuditChain.objects.filter(pk=chain.pk).update(last_seq=upto)


def measure(sizes: list[int]) -> dict[str, list[float]]:
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from tavusweb.accounts.models import User
    from tavusweb.audit.models import AuditChain
    from tavusweb.workspaces.models import Workspace

    owner, now = User.objects.create_user("owner@example.com", "x"), timezone.now()
    for name in ("Bench", "Other"):
        room = Workspace.objects.create_with_owner(name, owner)
        AuditChain.objects.create(workspace=room, name=f"{room.slug}#{room.pk}")
    client, figures, have = Client(), {}, 0
    client.force_login(owner)
    session = client.session
    session["came_in"] = list(Workspace.objects.values_list("pk", flat=True))
    session.save()
    for size in sizes:
        fill(size, have, now - timedelta(minutes=max(sizes)))
        have = size
        if connection.vendor == "postgresql":  # autovacuum would do so a minute later
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for words, address in pages(have, now - timedelta(minutes=max(sizes) - size)):
            figures.setdefault(words, []).append(milliseconds(client, address))
    return figures


if __name__ == "__main__":
    run(measure, rows="events", description=__doc__)
