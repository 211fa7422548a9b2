"""How a library's pages keep their speed as it grows: whole requests through the views, on a database of its own.

`python -m bench.library [--rows 1000 10000 100000]` prints a table in Markdown. DATABASE_URL may name another database,
which must be empty.
"""

import argparse
import base64
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import django

REPEATS = 7
PENDING_PAGE = "in progress"
SCRIPT = (
    "Welcome aboard. This is what you need to know before your first day with us. " * 12
)  # about a minute of speech


def environment(home: str) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tavusweb.settings",
        "TAVUSWEB_HOME": home,
        "SITE_URL": "http://testserver",
    }
    os.environ["SECRET_KEY"] = secrets.token_hex(32)
    os.environ["FIELD_KEYS"] = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    (Path(home) / "static").mkdir()
    django.setup()


def pages(have: int) -> Iterator[tuple[str, str]]:
    """What is asked for, and where."""
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
    yield "failed (1 %)", f"{videos}?status=failed"
    yield "cancelled (none)", f"{videos}?status=cancelled"
    yield "deleted (1 %)", f"{videos}?status=deleted"
    yield "search: in every title", f"{videos}?q=video"
    yield "search: one title", f"{videos}?q=needle"
    yield "search: nowhere", f"{videos}?q=zzzzz"
    yield "refresh of 100 rows", f"{refresh}?ids={ids}"


def fill(upto: int, have: int) -> None:
    """Rows `have` to `upto`, older and older, as an instance would have them."""
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


def milliseconds(ask: Callable[[], None]) -> float:
    ask()
    spent = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        ask()
        spent.append(time.perf_counter() - began)
    return min(spent) * 1000  # what the machine can do; anything longer is others at work


def measure(sizes: list[int]) -> dict[str, list[float]]:
    from django.core.management import call_command
    from django.test import Client

    from tavusweb.accounts.models import User
    from tavusweb.keys.models import APIKey
    from tavusweb.workspaces.models import Workspace

    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
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

            def ask(address: str = address) -> None:
                assert client.get(address).status_code == 200

            figures.setdefault(words, []).append(milliseconds(ask))
            if words.startswith(PENDING_PAGE):
                with without_index("video_pending"):
                    figures.setdefault(f"{words}, without its index", []).append(milliseconds(ask))
    return figures


@contextmanager
def without_index(name: str) -> Iterator[None]:
    """What a page cost before it had an index of its own."""
    from django.db import connection

    from tavusweb.videos.models import Video

    index = next(index for index in Video._meta.indexes if index.name == name)
    with connection.schema_editor() as schema:
        schema.remove_index(Video, index)
    yield
    with connection.schema_editor() as schema:
        schema.add_index(Video, index)


def table(times: dict[str, list[float]], sizes: list[int]) -> str:
    lines = [f"| milliseconds, whole request | {' | '.join(f'{size:,} rows' for size in sizes)} | growth |"]
    lines.append("|---|" + "---:|" * (len(sizes) + 1))
    for words, figures in times.items():
        shown = " | ".join(f"{figure:.1f}" for figure in figures)
        lines.append(f"| {words} | {shown} | × {figures[-1] / figures[0]:.1f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    sizes = sorted(parser.parse_args().rows)
    with tempfile.TemporaryDirectory(prefix="tavusweb-bench-") as home:
        environment(home)
        print(table(measure(sizes), sizes))


if __name__ == "__main__":
    main()
