"""The rows that a measurement begins with. Run in a process of its own, so that no other carries their memory.

`python -m bench.with_django bench.rows prepare` once, then `fill --videos N` or `fill --waiting N` before each measurement.
"""

import argparse
import secrets
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from bench.provider import SCRIPT, identity
from tavusweb.accounts.models import User
from tavusweb.keys.health import Health
from tavusweb.keys.models import APIKey
from tavusweb.videos.life import PENDING, Status
from tavusweb.videos.models import Video, VideoEvent
from tavusweb.workspaces.models import Workspace

FINISHED = 100_000  # rows that are done, as an instance has them after a year
PEOPLE = 5


def prepare(finished: int) -> None:
    """A database with one workspace, one key that works, and everything that was ever finished."""
    call_command("migrate", interactive=False, verbosity=0)
    people = [User.objects.create(email=f"person{number}@example.com") for number in range(PEOPLE)]
    workspace = Workspace.objects.found("Bench", people[0])
    key = APIKey.make(workspace, name="Bench", secret=secrets.token_hex(16), is_sandbox=False, by=people[0])
    now = timezone.now()
    key.health, key.checked_at, key.look_at = Health.WORKS, now, now + timedelta(days=1)
    key.save()
    _create(finished, key, people, status=Status.READY, submitted_at=now - timedelta(hours=1), finished_at=now)


def fill(*, videos: int, waiting: int, at_once: int) -> None:
    """Exactly so many videos in production, due now, or waiting to be sent; the key may ask `at_once`."""
    unfinished = Video.objects.filter(status__in=PENDING)
    VideoEvent.objects.all().delete()
    unfinished.delete()
    Video.objects.filter(tavus_id__startswith="b").delete()  # what the last measurement finished
    APIKey.objects.update(requests_at_once=at_once, look_at=timezone.now() + timedelta(days=1))
    key, people, now = APIKey.objects.get(), list(User.objects.order_by("pk")), timezone.now()
    _create(waiting, key, people, status=Status.WAITING, next_attempt_at=now)
    rendering = {"status": Status.GENERATING, "submitted_at": now, "next_poll_at": now, "attempt": 1}
    _create(videos, key, people, is_at_tavus=True, **rendering)


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
    parser.add_argument("what", choices=["prepare", "fill"])
    parser.add_argument("--finished", type=int, default=FINISHED)
    parser.add_argument("--videos", type=int, default=0)
    parser.add_argument("--waiting", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=100)
    asked = parser.parse_args()
    if asked.what == "prepare":
        prepare(asked.finished)
    else:
        fill(videos=asked.videos, waiting=asked.waiting, at_once=asked.at_once)
