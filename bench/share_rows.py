"""Create the share pages for `bin/bench share`, one link per state, and print their URLs as JSON.

`python -m bench.with_django bench.share_rows prepare` and `fill` once, then `queries` or `visits` at any time.
"""

import json
import sys
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.share import COMMENTS, NOT_READY, OPEN
from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.reviews.models import Comment
from tavusweb.reviews.speaker import Proof
from tavusweb.sharing.models import ShareLink, Visit
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace

SCRIPT = "Welcome aboard. This is what you need to know before your first day with us. " * 12
STATES: dict[str, tuple[Status, dict[str, Any]]] = {
    OPEN: (Status.READY, {}),
    COMMENTS: (Status.READY, {"comments": "named", "approval": True}),
    "everything on": (
        Status.READY,
        {
            "comments": "anonymous",
            "approval": True,
            "allow_download": True,
            "shows_transcript": True,
            "note": "Please watch this before Monday.",
            "call_to_action": "Book a call",
            "call_to_action_url": "https://example.com/book",
        },
    ),
    NOT_READY: (Status.GENERATING, {}),
    "failed": (Status.FAILED, {}),
    "deleted": (Status.DELETED, {}),
    "password": (Status.READY, {"password_hash": make_password("Open Sesame 7")}),
    "email": (Status.READY, {"email_rule": "any"}),
    "view limit": (Status.READY, {"view_limit": 10}),
    "used up": (Status.READY, {"view_limit": 1, "views_used": 1}),
    "expired": (Status.READY, {"expires_at": timezone.now() - timedelta(days=1)}),
    "revoked": (Status.READY, {"revoked_at": timezone.now()}),
    "closed": (Status.READY, {"closed_at": timezone.now()}),
}


def prepare() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable")
    call_command("collectstatic", interactive=False, verbosity=0)


def fill() -> dict[str, Any]:
    owner = User.objects.create_user("owner@example.com", "x", name="Maria")
    workspace = Workspace.objects.create_with_owner("Bench", owner)
    key = APIKey.make(workspace, name="K", secret="x" * 20, is_sandbox=False, by=owner)
    key.save()
    made = {}
    for state, (status, rules) in STATES.items():
        video = Video.objects.create(
            workspace=workspace,
            api_key=key,
            created_by=owner,
            status=status,
            title=f"Video, {state}",
            script=SCRIPT,
            replica_id="r90bbd427f71",
            hosted_url="https://tavus.video/v1",
            download_url="https://cdn.example/v1.mp4",
            submitted_at=timezone.now() - timedelta(minutes=2),
            progress=40,
            polled_at=timezone.now(),
        )
        link = ShareLink.objects.create(video=video, created_by=owner, **rules)
        made[state] = {"path": link.get_absolute_url(), "ids": f"{video.pk}/{link.pk}/{workspace.pk}/{owner.pk}"}
        if link.comments != "off":
            _comment(link)
    return made


def _comment(link: ShareLink) -> None:
    Comment.objects.bulk_create(
        Comment(video=link.video, link=str(link.pk), name="Ada", proof=Proof.NAME, body=f"Remark number {number}")
        for number in range(20)
    )


def queries() -> dict[str, int]:
    """Count the queries of each page, and of its panel if it has a live one."""
    counted, client = {}, Client(headers={"Host": settings.ALLOWED_HOSTS[0]})
    for link in ShareLink.objects.select_related("video"):
        state = link.video.title.partition(", ")[2]
        for name, path in ((state, link.get_absolute_url()), (f"{state}: panel", f"{link.get_absolute_url()}panel/")):
            with CaptureQueriesContext(connection) as made:
                client.get(path)
            counted[name] = len(made)
    return counted


def visits() -> int:
    return Visit.objects.count()


if __name__ == "__main__":
    print(json.dumps({"prepare": prepare, "fill": fill, "queries": queries, "visits": visits}[sys.argv[1]]()))
