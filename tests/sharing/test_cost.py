"""What opening a share page costs: few requests, few bytes, few queries."""

import gzip
import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tavusweb.accounts.models import User
from tavusweb.reviews.models import Comment
from tavusweb.reviews.speaker import Proof
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import AudioFile, Video
from tavusweb.videos.models.status import Status

EVERYTHING = {"comments": "named", "approval": True, "allow_download": True, "shows_transcript": True}
FETCHED = re.compile(r'<(?:link(?! rel="alternate")|script|img)\b[^>]*?(?:href|src)="([^"]+)"')


@pytest.fixture
def share(make_video: Any, maria: User) -> Any:
    def make(status: Status = Status.READY, **rules: Any) -> ShareLink:
        video = make_video(status, hosted_url="https://tavus.video/v1", download_url="https://cdn.example/v1.mp4")
        return ShareLink.objects.create(video=video, created_by=maria, **rules)

    return make


def talk(link: ShareLink) -> None:
    said = {"video": link.video, "link": str(link.pk), "proof": Proof.NAME}
    Comment.objects.bulk_create(Comment(name=f"Guest {number}", body="Nice", **said) for number in range(20))


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("rules", [{}, EVERYTHING, {"view_limit": 3}], ids=["open", "everything", "limited"])
def test_page_and_panel_take_at_most_four_queries(rules: dict[str, Any], status: Status, share: Any) -> None:
    link = share(status, **rules)
    link.video.audio = AudioFile.objects.create(workspace=link.video.workspace, file="a.wav", size=1, seconds=1)
    link.video.save()
    talk(link)

    for path in ("", "panel/"):
        with CaptureQueriesContext(connection) as queries:
            Client().get(link.get_absolute_url() + path)
        assert len(queries) <= 4


@pytest.mark.parametrize("status", [Status.READY, Status.GENERATING])
def test_open_link_takes_one_query(status: Status, share: Any) -> None:
    address = share(status).get_absolute_url()

    with CaptureQueriesContext(connection) as queries:
        Client().get(address)

    assert len(queries) == 1


def test_deferred_columns_are_loaded_together(make_video: Any) -> None:
    make_video(Status.READY, title="Launch", replica_id="r1", tavus_id="v1")
    video = Video.objects.only("title").get()

    with CaptureQueriesContext(connection) as queries:
        assert (video.replica_id, video.tavus_id, video.status) == ("r1", "v1", Status.READY)

    assert len(queries) == 1
    assert video.title == "Launch"


@pytest.mark.parametrize(("rules", "most_kb", "most_requests"), [({}, 15, 4), (EVERYTHING, 19, 5)], ids=["open", "all"])
def test_page_weight_is_bounded(rules: dict[str, Any], most_kb: int, most_requests: int, share: Any) -> None:
    link = share(**rules)
    talk(link)

    page = Client().get(link.get_absolute_url())

    # The style sheet, the script, and the beacon that says the page was seen.
    linked = [url for url in FETCHED.findall(page.text) if not url.startswith("data:")]
    assert len(linked) + 2 <= most_requests
    files = [finders.find(url.removeprefix("/static/")) for url in linked]
    bodies = [page.content, *(open(file, "rb").read() for file in files)]  # noqa: SIM115, PTH123
    assert sum(len(gzip.compress(body)) for body in bodies) <= most_kb * 1000
