"""Parts of pages that are kept rendered: never what is outdated, another's, or of a form that was refused."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.kept_parts import TOKEN, KeptParts, age_step, as_key
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video, VideoEvent
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role
from tests import cast

ADA = Speaker(Proof.NAME, "Ada", link="7")


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Welcome", tavus_id="v1", hosted_url="https://tavus.video/v1")


def test_the_least_used_part_makes_room() -> None:
    parts, drawn = KeptParts(2), []

    def draw(key: str) -> str:
        return parts.part(key, lambda: drawn.append(key) or key)  # type: ignore[func-returns-value]

    for key in ("a", "b", "a", "c", "a", "b"):
        assert draw(key) == key

    assert drawn == ["a", "b", "c", "b"]
    assert len(parts) == 2


def test_a_large_part_is_not_kept() -> None:
    parts = KeptParts(2, largest=3)

    assert parts.part("key", lambda: "long") == "long"
    assert len(parts) == 0


@pytest.mark.parametrize(
    ("age", "step"),
    [(59, ("minute", 0)), (61, ("minute", 1)), (7200, ("hour", 2)), (8 * 86_400, ("day", 8)), (-5, ("minute", -1))],
)
def test_age_steps_as_its_words_do(age: int, step: tuple[str, int]) -> None:
    now = timezone.now()

    assert age_step(now - timedelta(seconds=age), now) == step


def test_any_value_can_be_part_of_a_key(video: Video) -> None:
    values = [1, "a", None, [1, [2]], {"a": [1]}, {1, 2}, video]

    assert hash(as_key(values)) == hash(as_key(list(values)))


# What people see.


def page_of(client: Client, video: Video, query: str = "") -> str:
    return client.get(video.get_absolute_url() + query).text


def test_video_page_shows_every_change_at_once(as_maria: Client, video: Video, maria: User) -> None:
    assert "Needle" not in page_of(as_maria, video)

    comment = reviews.comment(ADA, video, "Needle one")
    link = ShareLink.objects.create(video=video, name="Needle two", created_by=maria)
    assert page_of(as_maria, video).count("Needle one") == 1
    assert "Needle two" in page_of(as_maria, video)

    reviews.edit(comment, "Needle three")
    ShareLink.objects.filter(pk=link.pk).update(revoked_at=timezone.now())
    User.objects.filter(pk=maria.pk).update(name="Renamed")
    page = page_of(as_maria, video)
    assert "Needle three" in page
    assert "Needle one" not in page
    assert f'value="{link.public_url}"' not in page
    assert "Renamed" in page


def test_rows_of_the_library_show_every_change_at_once(
    as_maria: Client, video: Video, workspace: Workspace, erik: User
) -> None:
    address = reverse("videos", args=[workspace.slug])
    assert "Welcome" in as_maria.get(address).text

    Video.objects.filter(pk=video.pk).update(title="Farewell", created_by=erik)
    page = as_maria.get(address).text
    assert "Farewell" in page
    assert "Welcome" not in page
    assert "Erik" in page

    User.objects.filter(pk=erik.pk).update(name="Erik the Red")
    Video.objects.filter(pk=video.pk).update(status=Status.FAILED)
    page = as_maria.get(address).text
    assert "Erik the Red" in page
    assert 'data-status="failed"' in page


def test_nobody_gets_what_another_role_may_do(as_maria: Client, video: Video, erik: User) -> None:
    page = page_of(as_maria, video)
    erik.memberships.update(role=Role.VIEWER)
    as_erik = Client()
    cast.sign_in(as_erik, erik)

    as_viewer = page_of(as_erik, video)

    assert "Create share link" in page
    assert "Create share link" not in as_viewer
    assert "delete_dialog" not in as_viewer
    assert "maria@example.com" not in as_viewer


def test_kept_forms_carry_the_token_of_each_request(video: Video, maria: User) -> None:
    client = Client(enforce_csrf_checks=True)
    cast.sign_in(client, maria)
    page_of(client, video)

    page = page_of(client, video)
    form = re.search(r'action="([^"]+/share/)".*?csrfmiddlewaretoken" value="(\w+)"', page, re.DOTALL)

    assert form
    assert TOKEN not in page
    assert client.post(form[1], {"csrfmiddlewaretoken": form[2]}).status_code == 302
    assert client.post(form[1], {"csrfmiddlewaretoken": TOKEN}).status_code == 403


def test_refused_form_is_shown_once(as_maria: Client, video: Video, workspace: Workspace) -> None:
    address = reverse("video_rename", args=[workspace.slug, video.pk])

    refused = as_maria.post(address, {"title": "x" * 500})

    assert refused.status_code == 422
    assert "xxx" in refused.text
    assert "xxx" not in page_of(as_maria, video)


def test_queries_of_the_video_page_do_not_depend_on_what_it_has(
    as_maria: Client, video: Video, maria: User, workspace: Workspace
) -> None:
    def count() -> int:
        page_of(as_maria, video)
        with CaptureQueriesContext(connection) as queries:
            page_of(as_maria, video)
        return len(queries)

    assert count() == 6  # session, user, membership, video, the sidebar, timeline

    for number in range(10):
        ShareLink.objects.create(video=video, created_by=maria, name=f"Link {number}")
        reviews.comment(ADA, video, f"Remark {number}")
        VideoEvent.objects.create(video=video, actor=maria, kind="ready")
    assert count() == 8  # and its links and comments
