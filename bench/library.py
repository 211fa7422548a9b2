"""Measure the library's pages as it grows: complete requests through the views, on a separate database.

`bin/bench library [--rows 1000 10000 100000]` prints a Markdown table. DATABASE_URL can name another, empty database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from bench.growth import milliseconds, run

PENDING_PAGE = "in progress"
SCRIPT = (
    "Welcome aboard. This is what you need to know before your first day with us. " * 12
)  # about a minute of speech


def pages(have: int) -> Iterator[tuple[str, str]]:
    """Yield the pages to measure: title and URL."""
    from django.urls import reverse

    from tavusweb.pagination import Cursor
    from tavusweb.videos.models import Video

    videos, refresh = reverse("videos", args=["bench"]), reverse("videos_refresh", args=["bench"])
    newest = Video.objects.newest_first().exclude(status="deleted")
    middle, last = newest[have // 2], newest.reverse()[100]
    ids = ",".join(pk.hex for pk in newest.values_list("pk", flat=True)[:100])
    yield "first page", videos
    yield "page in the middle", f"{videos}?from={Cursor(middle.created_at, middle.pk)}"
    yield "last page", f"{videos}?from={Cursor(last.created_at, last.pk)}"
    yield f"{PENDING_PAGE} (40)", f"{videos}?status=in_progress"
    yield "failed (1%)", f"{videos}?status=failed"
    yield "cancelled (none)", f"{videos}?status=cancelled"
    yield "deleted (1%)", f"{videos}?status=deleted"
    yield "search: in every title", f"{videos}?q=video"
    yield "search: one title", f"{videos}?q=needle"
    yield "search: no match", f"{videos}?q=zzzzz"
    yield "refresh of 100 rows", f"{refresh}?ids={ids}"


def fill(upto: int, have: int) -> None:
    """Add rows `have` to `upto`, each older than the last, as on a real instance."""
    from django.utils import timezone

    from tavusweb.keys.models import APIKey
    from tavusweb.videos.models import Video
    from tavusweb.videos.models.status import Status

    key, now = APIKey.objects.select_related("workspace").get(), timezone.now()
    odd = {7: Status.FAILED, 8: Status.DELETED}

    def row(number: int) -> Video:
        status = Status.QUEUED if number < 40 else odd.get(number % 100, Status.READY)
        title = "The needle" if number == 500 else f"Video {number}"
        return Video(
            workspace=key.workspace,
            api_key=key,
            created_by=key.created_by,
            created_at=now - timedelta(minutes=number),
            status=status,
            title=title,
            script=SCRIPT,
            replica_id=f"r{number % 20}",
            replica_name=f"Replica {number % 20}",
            tavus_id=f"v{number}",
            thumbnail_url=f"https://cdn.example/{number}.jpg",
            gif_url=f"https://cdn.example/{number}.gif",
            hosted_url=f"https://tavus.video/v{number}",
        )

    for start in range(have, upto, 1000):
        Video.objects.bulk_create([row(number) for number in range(start, min(start + 1000, upto))])


def measure(sizes: list[int]) -> dict[str, list[float]]:
    from django.test import Client

    from tavusweb.accounts.models import User
    from tavusweb.keys.models import APIKey
    from tavusweb.workspaces.models import Workspace

    owner = User.objects.create_user("owner@example.com", "x")
    APIKey.make(
        Workspace.objects.create_with_owner("Bench", owner), name="K", secret="x" * 20, is_sandbox=False, by=owner
    ).save()
    client, figures, have = Client(), {}, 0
    client.force_login(owner)
    for size in sizes:
        fill(size, have)
        have = size
        for words, address in pages(have):
            figures.setdefault(words, []).append(milliseconds(client, address))
            if words.startswith(PENDING_PAGE):
                with without_index("video_pending"):
                    figures.setdefault(f"{words}, without its index", []).append(milliseconds(client, address))
    return figures


@contextmanager
def without_index(name: str) -> Iterator[None]:
    """Drop an index for the duration, to measure a page without it."""
    from django.db import connection

    from tavusweb.videos.models import Video

    index = next(index for index in Video._meta.indexes if index.name == name)
    with connection.schema_editor() as schema:
        schema.remove_index(Video, index)
    yield
    with connection.schema_editor() as schema:
        schema.add_index(Video, index)


if __name__ == "__main__":
    run(measure, rows="rows", description=__doc__)
