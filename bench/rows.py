"""Create the rows for a measurement, in a separate process so that their memory is not measured.

`python -m bench.with_django bench.rows prepare` once, then `fill --videos N`, `fill --waiting N` or
`account --videos N --sought N` before each measurement.
"""

import argparse
import secrets
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from bench.provider import SCRIPT, identity, marked_name, row_id
from tavusweb.accounts.models import User
from tavusweb.keys.health_states import Health
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video, VideoEvent
from tavusweb.videos.models.status import PENDING, Status
from tavusweb.workspaces.models import Workspace

FINISHED = 100_000  # finished rows, as after a year
PEOPLE = 5


def prepare(finished: int) -> None:
    """Create the database with one workspace, one working key and the finished videos."""
    call_command("migrate", interactive=False, verbosity=0)
    people = [User.objects.create(email=f"person{number}@example.com") for number in range(PEOPLE)]
    workspace = Workspace.objects.create_with_owner("Bench", people[0])
    key = APIKey.make(workspace, name="Bench", secret=secrets.token_hex(16), is_sandbox=False, by=people[0])
    now = timezone.now()
    key.health, key.checked_at, key.replicas_refresh_at = Health.WORKS, now, now + timedelta(days=1)
    key.save()
    _create(finished, key, people, status=Status.READY, submitted_at=now - timedelta(hours=1), finished_at=now)


def fill(*, videos: int, waiting: int, at_once: int) -> None:
    """Create exactly this many videos in production and due now, or waiting; the key allows `at_once` requests."""
    unfinished = Video.objects.filter(status__in=PENDING)
    VideoEvent.objects.all().delete()
    unfinished.delete()
    Video.objects.filter(tavus_id__startswith="b").delete()  # finished by the last measurement
    APIKey.objects.update(requests_at_once=at_once, replicas_refresh_at=timezone.now() + timedelta(days=1))
    key, people, now = APIKey.objects.get(), list(User.objects.order_by("pk")), timezone.now()
    _create(waiting, key, people, status=Status.WAITING, next_attempt_at=now)
    rendering = {"status": Status.GENERATING, "submitted_at": now, "next_poll_at": now, "attempt": 1}
    _create(videos, key, people, is_at_tavus=True, **rendering)


def account(videos: int, sought: int) -> None:
    """Create a row for each of our videos in the account, and one unsure submission: video number `sought`.

    It was sent two minutes ago, long enough to prove its absence.
    """
    Video.objects.exclude(status=Status.READY).delete()
    Video.objects.filter(pk=row_id(sought)).delete()
    key, now = APIKey.objects.get(), timezone.now()
    known = set(Video.objects.values_list("pk", flat=True))

    def row(number: int, **fields: object) -> Video:
        return Video(
            pk=row_id(number),
            workspace_id=key.workspace_id,
            api_key=key,
            title=f"Video {number}",
            replica_id="r90bbd427f71",
            script=SCRIPT,
            submission_name=marked_name(number),
            attempt=1,
            **fields,
        )

    missing = (number for number in range(videos) if number != sought and row_id(number) not in known)
    ended = {
        "status": Status.READY,
        "submitted_at": now - timedelta(days=1),
        "finished_at": now,
        "is_named_by_us": True,
    }
    Video.objects.bulk_create((row(number, tavus_id=identity(number), **ended) for number in missing), batch_size=500)
    sent_at = now - timedelta(minutes=2)
    row(sought, status=Status.UNSURE, submitted_at=sent_at, status_at=sent_at, next_poll_at=now).save(force_insert=True)


def _create(number: int, key: APIKey, people: list[User], *, is_at_tavus: bool = False, **fields: object) -> None:
    now = timezone.now()
    rows = (
        Video(
            workspace_id=key.workspace_id,
            api_key=key,
            created_by=people[each % len(people)],
            created_at=now - timedelta(milliseconds=each),
            title=f"Video {each}",
            replica_id="r90bbd427f71",
            script=SCRIPT,
            tavus_id=identity(each) if is_at_tavus else "",
            **fields,
        )
        for each in range(number)
    )
    Video.objects.bulk_create(rows, batch_size=500)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["prepare", "fill", "account"])
    parser.add_argument("--finished", type=int, default=FINISHED)
    parser.add_argument("--videos", type=int, default=0)
    parser.add_argument("--waiting", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=100)
    parser.add_argument("--sought", type=int, default=0)
    asked = parser.parse_args()
    if asked.what == "prepare":
        prepare(asked.finished)
    elif asked.what == "account":
        account(asked.videos, asked.sought)
    else:
        fill(videos=asked.videos, waiting=asked.waiting, at_once=asked.at_once)
