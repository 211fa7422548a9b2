"""How the audit log's page keeps its speed as the log grows: whole requests through the view, on a database of its own.

`python -m bench.audit_log [--events 1000 10000 100000]` prints a table in Markdown. DATABASE_URL may name another database,
which must be empty.
"""

import argparse
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bench.library import environment, milliseconds, table

PEOPLE = 40
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"


def pages(have: int, now: Any) -> Iterator[tuple[str, str]]:
    """What is asked for, and where."""
    from django.urls import reverse

    page = reverse("audit_log", args=["bench"])
    yield "first page", page
    yield "page in the middle", f"{page}?before={have // 2}"
    yield "last page", f"{page}?before=60"
    yield "an act, frequent (60 %)", f"{page}?action=video_generated"
    yield "an act, once", f"{page}?action=key_added"
    yield "one day in the middle", f"{page}?since={_day(now, have // 2)}&until={_day(now, have // 2)}"
    yield "since yesterday", f"{page}?since={_day(now, 1440)}"
    yield "since the middle", f"{page}?since={_day(now, have // 2)}"
    yield "until the middle", f"{page}?until={_day(now, have // 2)}"
    yield "who: one of 40", f"{page}?who=person7@"
    yield "who: nobody", f"{page}?who=zzzzz"
    yield "search: in every event", f"{page}?q=onboarding"
    yield "search: one event", f"{page}?q=needle"
    yield "search: nowhere", f"{page}?q=zzzzz"


def _day(now: Any, minutes: int) -> str:
    return str((now - timedelta(minutes=minutes)).date())


def fill(upto: int, have: int, began: Any) -> None:
    """Events `have` to `upto` of two workspaces, a minute apart; what proves them costs nobody who reads them."""
    from django.db import models

    from tavusweb.audit.actions import AuditAction
    from tavusweb.audit.models import AuditChain, AuditEvent

    odd = (
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
            action=AuditAction.KEY_ADDED if seq == 500 else odd[seq * 37 % 20],
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
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from tavusweb.accounts.models import User
    from tavusweb.audit.models import AuditChain
    from tavusweb.workspaces.models import Workspace

    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
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
        if connection.vendor == "postgresql":  # which does so by itself, a minute later
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for words, address in pages(have, now - timedelta(minutes=max(sizes) - size)):

            def ask(address: str = address) -> None:
                assert client.get(address).status_code == 200

            figures.setdefault(words, []).append(milliseconds(ask))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    sizes = sorted(parser.parse_args().events)
    with tempfile.TemporaryDirectory(prefix="tavusweb-bench-") as home:
        environment(home)
        print(table(measure(sizes), sizes))


if __name__ == "__main__":
    main()
