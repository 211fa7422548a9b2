from collections.abc import Callable
from typing import Any

import pytest

from tavusweb.accounts.models import User
from tavusweb.notify.actions import tell
from tavusweb.notify.kinds import Kind
from tavusweb.notify.models import Notice
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace

Told = Callable[..., Notice]


@pytest.fixture
def video(make_video: Any) -> Video:
    video: Video = make_video(Status.READY, title="Launch")
    Notice.objects.all().delete()
    return video


@pytest.fixture
def told(maria: User, workspace: Workspace, video: Video) -> Told:
    """`told(person, kind, **changes)` notifies a person of a new event about the video."""
    events = iter(range(10_000))

    def do(person: User | None = None, kind: Kind = Kind.APPROVED, **changes: Any) -> Notice:
        key = f"event:{next(events)}"
        data = {"title": video.title, "name": "Ada"} | changes.pop("data", {})
        given: dict[str, Any] = {"workspace": workspace, "subject_key": key, "about": f"video:{video.pk}"}
        given["url"] = video.get_absolute_url()
        tell([person or maria], kind, **given | {"data": data} | changes)
        return Notice.objects.get(
            subject_key=given["subject_key"] if "subject_key" not in changes else changes["subject_key"]
        )

    return do
