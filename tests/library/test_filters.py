"""The library's filters: what each leaves out, what stands beside it, and what people save under a name."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.keys.models import APIKey
from tavusweb.library import actions, counts
from tavusweb.library.choices import choices_of
from tavusweb.library.filters import LibraryFilter
from tavusweb.library.models import SavedFilter
from tavusweb.pagination import PER_PAGE
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
Titles = Callable[..., list[str]]


@pytest.fixture
def titles_of(as_maria: Client, workspace: Workspace) -> Titles:
    def titles_of(**query: str) -> list[str]:
        page = as_maria.get(reverse("videos", args=[workspace.slug]), query)
        assert page.status_code == 200
        return [video.title for video in page.context["videos"]]

    return titles_of


@pytest.fixture
def cast_of_videos(make_video: Any, key: APIKey, erik: User) -> dict[str, Video]:
    """One video for each filter, each a day older than the one before."""
    other = APIKey.make(key.workspace, name="Other", secret="y" * 20, is_sandbox=True, by=erik)
    other.save()
    rows = {
        "erik": {"created_by": erik},
        "other key": {"api_key": other},
        "anna": {"replica_id": "r-anna", "replica_name": "Anna"},
        "shared": {},
        "revoked": {},
        "approved": {"tavus_id": "v1", "finished_at": NOON},
        "changes": {"tavus_id": "v2", "finished_at": NOON},
    }
    made = {
        title: make_video(Status.READY, **{"title": title, "created_at": NOON - timedelta(days=age), **fields})
        for age, (title, fields) in enumerate(rows.items())
    }
    ShareLink.objects.create(video=made["shared"])
    ShareLink.objects.create(video=made["revoked"], revoked_at=NOON)
    for title, kind in (("approved", VerdictKind.APPROVED), ("changes", VerdictKind.CHANGES)):
        video = Video.objects.get(pk=made[title].pk)
        speaker = Speaker(Proof.NAME, "Ada")
        reviews.decide(Actor(), speaker, video, kind, shown=fingerprint_of(video), reason="So")
    return made


def test_every_filter_shows_only_its_videos(
    cast_of_videos: dict[str, Video], titles_of: Titles, erik: User, workspace: Workspace
) -> None:
    other = workspace.api_keys.get(name="Other")
    day = "2026-04-29"

    assert titles_of(person=str(erik.pk)) == ["erik"]
    assert titles_of(key=str(other.pk)) == ["other key"]
    assert titles_of(replica="r-anna") == ["anna"]
    assert titles_of(shared="yes") == ["shared"]
    assert "shared" not in titles_of(shared="no")
    assert titles_of(approval="approved") == ["approved"]
    assert titles_of(approval="changes") == ["changes"]
    assert titles_of(since=day, until=day) == ["anna"]
    assert titles_of(person=str(erik.pk), replica="r-anna") == []
    assert titles_of(q="anna", replica="r-anna") == ["anna"]
    assert titles_of(q="erik", key=str(other.pk)) == []


def test_approval_of_an_earlier_take_is_none(cast_of_videos: dict[str, Video], titles_of: Titles) -> None:
    Video.objects.filter(title="approved").update(finished_at=NOON + timedelta(hours=1))

    assert titles_of(approval="approved") == []


@pytest.mark.parametrize(
    "query",
    [
        *("person=x", "person=-1", "person=9999999999999999999999", "person=٣", "key=x", "key=", "since=2026-13-01"),
        *(
            "until=0001-01-01",
            "since=9999-12-31",
            "shared=perhaps",
            "approval=none",
            "order=size",
            "from=x&order=oldest",
        ),
    ],
)
def test_filter_that_is_none_is_ignored(query: str, cast_of_videos: Any, titles_of: Titles) -> None:
    assert len(titles_of(**dict(each.split("=") for each in query.split("&")))) == 7


@pytest.mark.parametrize("words", ["", "video"])
def test_oldest_first_pages_run_through_the_whole_library(
    words: str, make_video: Any, as_maria: Client, workspace: Workspace
) -> None:
    for number in range(PER_PAGE + 5):
        make_video(Status.READY, title=f"Video {number}", created_at=NOON + timedelta(minutes=number))
    address = reverse("videos", args=[workspace.slug])

    first = as_maria.get(address, {"order": "oldest", "q": words})
    second = as_maria.get(address + first.context["page"]["older_url"])
    back = as_maria.get(address + second.context["page"]["newer_url"])

    titles = [[video.title for video in page.context["videos"]] for page in (first, second, back)]
    assert titles[0] + titles[1] == [f"Video {number}" for number in range(PER_PAGE + 5)]
    assert titles[2] == titles[0]
    assert not first.context["page"]["newer_url"]
    assert not second.context["page"]["older_url"]


def test_counts_stand_beside_filters_up_to_a_bound(make_video: Any, workspace: Workspace, monkeypatch: Any) -> None:
    monkeypatch.setattr(counts, "BOUND", 2)
    for count in counts._COUNTS.values():
        monkeypatch.setattr(count, "_compiled", {})
    for status, number in ((Status.READY, 3), (Status.FAILED, 2), (Status.QUEUED, 1), (Status.DELETED, 1)):
        for _ in range(number):
            make_video(status)

    shown = {name: str(count) for name, count in counts.status_counts(workspace).items()}

    assert (shown["ready"], shown["failed"], shown["draft"], shown["in_progress"]) == ("2+", "2", "0", "1")
    assert shown[""] == "2+"


def test_choices_are_what_the_videos_of_the_workspace_have(
    cast_of_videos: Any, workspace: Workspace, maria: User, erik: User, zoe: User
) -> None:
    Video.objects.create(workspace=Workspace.objects.of(zoe).get(), created_by=zoe, replica_id="r-zoe")
    workspace.memberships.filter(user=erik).delete()

    choices = choices_of(workspace, maria)

    assert {person.pk for person in choices.people} == {maria.pk, erik.pk}, "who left has made videos here"
    assert ("r-anna", "Anna") in choices.replicas
    assert "r-zoe" not in dict(choices.replicas)
    assert "Other" in [key.name for key in choices.current_keys]


# While one types.


def test_typing_brings_results_and_the_address_of_them(
    cast_of_videos: Any, as_maria: Client, workspace: Workspace
) -> None:
    address = reverse("videos", args=[workspace.slug])

    answer = as_maria.get(address, {"q": "anna", "person": "", "status": ""}, headers={"hx-request": "true"})

    body = answer.content.decode()
    assert answer["HX-Replace-Url"] == f"{address}?q=anna"
    assert body.count("data-video=") == 1
    assert "<html" not in body
    assert "?status=ready&amp;q=anna" in body, "a filter keeps the words"


# Saved under a name.


def read(query: str) -> LibraryFilter:
    return LibraryFilter.read(QueryDict(query))


def test_saved_filter_is_offered_to_its_person_alone(
    as_maria: Client, workspace: Workspace, make_video: Any, maria: User, erik: User
) -> None:
    make_video(Status.FAILED, title="Broken")
    save = reverse("saved_filter_save", args=[workspace.slug])

    saved = as_maria.post(save, {"name": " To  mend ", "query": "status=failed&q=broken&next=//evil.example"})

    assert parse_qs(urlsplit(saved["Location"]).query) == {"status": ["failed"], "q": ["broken"]}
    [one] = choices_of(workspace, maria).filters
    assert (one.name, one.query) == ("To  mend", "status=failed&q=broken")
    assert "To  mend" in as_maria.get(saved["Location"]).content.decode()
    assert choices_of(workspace, erik).filters == []
    assert not actions.delete_filter(erik, workspace, one.pk)

    as_maria.post(reverse("saved_filter_delete", args=[workspace.slug, one.pk]))
    assert not SavedFilter.objects.exists()


def test_same_name_is_saved_over(workspace: Workspace, maria: User) -> None:
    actions.save_filter(maria, workspace, "Mine", read("status=failed"))
    actions.save_filter(maria, workspace, "Mine", read("status=ready"))

    assert [each.query for each in SavedFilter.objects.all()] == ["status=ready"]


@pytest.mark.parametrize(("name", "query"), [("", "q=x"), ("\u200b", "q=x"), ("Nothing", "person=x")])
def test_filter_without_a_name_or_a_filter_is_not_saved(
    name: str, query: str, workspace: Workspace, maria: User
) -> None:
    with pytest.raises(actions.CannotSave):
        actions.save_filter(maria, workspace, name, read(query))


def test_number_of_saved_filters_is_bounded(workspace: Workspace, maria: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(actions.saved_filters, "MOST_FILTERS", 1)
    actions.save_filter(maria, workspace, "One", read("q=1"))
    actions.save_filter(maria, workspace, "One", read("q=2"))

    with pytest.raises(actions.CannotSave):
        actions.save_filter(maria, workspace, "Two", read("q=3"))
