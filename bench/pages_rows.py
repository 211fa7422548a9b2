"""Fill the database for `bin/bench pages`: one workspace with more and more videos, and a session of its owner.

`python -m bench.with_django bench.pages_rows prepare` once, then `fill N` (up to N videos) or `queries` at any time.
"""

import json
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.keys.health_states import Health
from tavusweb.keys.models import APIKey
from tavusweb.library.choices import choices_of
from tavusweb.library.filters import LibraryFilter
from tavusweb.library.search import search_page
from tavusweb.reviews.models import Comment
from tavusweb.reviews.speaker import Proof
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace

SCRIPT = "Welcome aboard. This is what you need to know before your first day with us. " * 12
PENDING = 5  # in production: they are refreshed
SHOWN = 10  # the video whose page is measured: with a share link and comments
RARE, RARE_AT = "needle", 60  # in one title
ODD = {7: Status.FAILED, 8: Status.DELETED, 9: Status.DRAFT}


def prepare() -> dict[str, Any]:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable")
    call_command("collectstatic", interactive=False, verbosity=0)
    owner = User.objects.create_user("owner@example.com", "x", name="Maria")
    workspace = Workspace.objects.create_with_owner("Bench", owner)
    key = APIKey.make(workspace, name="K", secret="x" * 20, is_sandbox=False, by=owner)
    key.health, key.checked_at, key.replicas_refresh_at = Health.WORKS, timezone.now(), _in_a_day()
    key.save()
    return {}


def fill(upto: int) -> dict[str, Any]:
    """Add videos until there are `upto`; return the addresses to measure and the cookie to send."""
    key = APIKey.objects.select_related("workspace", "created_by").get()
    have = Video.objects.count()
    for start in range(have, upto, 1000):
        with transaction.atomic():
            Video.objects.bulk_create([_row(number, key) for number in range(start, min(start + 1000, upto))])
    # Analysed as autovacuum would, and without a log of writes to read through.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    video = Video.objects.get(tavus_id=f"v{SHOWN}")
    if not have:
        _answer(video)
    client = signed_in()
    paths = dict(_paths(video))
    for path in paths.values():  # what is written once a session is written here
        client.get(path)
    link = ShareLink.objects.get(video=video)
    ids = f"{key.workspace_id}/{video.pk}/{key.pk}/{link.pk}"
    return {"paths": paths, "ids": ids, "cookie": f"{settings.SESSION_COOKIE_NAME}={_session(client)}"}


def _row(number: int, key: APIKey) -> Video:
    """Each older than the last, as on a real instance."""
    now = timezone.now()
    status = Status.GENERATING if number < PENDING else ODD.get(number % 100, Status.READY)
    status = Status.READY if number == SHOWN else status
    return Video(
        workspace=key.workspace,
        api_key=key,
        created_by=key.created_by,
        created_at=now - timedelta(minutes=7 * number),
        status=status,
        status_at=now - timedelta(minutes=7 * number),
        title=f"The {RARE}" if number == RARE_AT else f"Video {number}",
        script=SCRIPT,
        replica_id=f"r{number % 20}",
        replica_name=f"Replica {number % 20}",
        tavus_id=f"v{number}",
        submitted_at=now - timedelta(minutes=7 * number),
        polled_at=now,
        watched_at=now,
        progress=40 if number < PENDING else 100,
        thumbnail_url=f"https://image.mux.com/{number}.jpg",
        gif_url=f"https://image.mux.com/{number}.gif",
        hosted_url=f"https://tavus.video/v{number}",
        download_url=f"https://cdn.example/v{number}.mp4",
        finished_at=now if status == Status.READY else None,
    )


def _answer(video: Video) -> None:
    ShareLink.objects.create(video=video, created_by=video.created_by)
    Comment.objects.bulk_create(
        Comment(video=video, name="Ada", proof=Proof.NAME, body=f"Remark number {number}") for number in range(3)
    )


def _paths(video: Video) -> Iterator[tuple[str, str]]:
    slug = video.workspace.slug
    videos, refresh = reverse("videos", args=[slug]), reverse("videos_refresh", args=[slug])
    newest = Video.objects.newest_first().exclude(status=Status.DELETED).values_list("pk", flat=True)[:100]
    pending = Video.objects.pending().newest_first().values_list("pk", flat=True)[:100]
    yield "library", videos
    yield "search, common word", f"{videos}?q=welcome"
    yield "search, rare word", f"{videos}?q={RARE}"
    yield "search, absent word", f"{videos}?q=zzzzz"
    yield "video page", reverse("video", args=[slug, video.pk])
    yield "new video", reverse("video_new", args=[slug])
    yield f"refresh of {PENDING} rows", f"{refresh}?ids={','.join(pk.hex for pk in pending)}"
    yield "refresh of 100 rows", f"{refresh}?ids={','.join(pk.hex for pk in newest)}"


def _in_a_day() -> Any:
    return timezone.now() + timedelta(days=1)


def signed_in() -> Client:
    client = Client(headers={"Host": settings.ALLOWED_HOSTS[0]})
    client.force_login(User.objects.get(), "allauth.account.auth_backends.AuthenticationBackend")
    return client


def _session(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def queries() -> dict[str, int]:
    """Count the queries of each page, once a session has seen it."""
    client, counted = signed_in(), {}
    for name, path in _paths(Video.objects.get(tavus_id=f"v{SHOWN}")):
        client.get(path)
        with CaptureQueriesContext(connection) as made:
            client.get(path)
        counted[name] = len(made)
    return counted


SEARCHED = {
    "common word": "welcome",
    "common beginning": "wel",
    "one letter": "w",
    "two common words": "welcome first",
    "rare word": RARE,
    "rare and common word": f"{RARE} welcome",
    "absent word": "zzzzz",
    "absent word of common pieces": "welcomeaboardfirst",
    "two characters, absent": "世界",
    "person": "maria",
}


def searches() -> dict[str, float]:
    """Return the milliseconds that the first page of each search takes: of this process, or waiting for PostgreSQL."""
    workspace, owner = Workspace.objects.get(), User.objects.get()
    people, took = choices_of(workspace, owner).people, {}
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    for name, words in SEARCHED.items():
        spent = []
        for _ in range(9):
            began = clock()
            search_page(workspace, words, LibraryFilter().apply(workspace.videos.for_library()), None, people=people)
            spent.append((clock() - began) * 1000)
        took[name] = statistics.median(spent)
    return took


if __name__ == "__main__":
    work = {"prepare": prepare, "fill": lambda: fill(int(sys.argv[2])), "queries": queries, "searches": searches}
    print(json.dumps(work[sys.argv[1]]()))
