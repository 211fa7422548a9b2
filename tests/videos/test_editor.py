"""A form becomes one video: once, by whoever may, however often it is sent."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.keys.models import APIKey
from tavusweb.videos import actions, drafts, wakeup
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role
from tests.videos.test_forms import GOOD


@pytest.fixture
def send(as_maria: Client, workspace: Workspace, key: APIKey) -> Callable[..., Any]:
    def send(pk: uuid.UUID | str = "", **fields: str) -> Any:
        return as_maria.post(reverse("video_new", args=[workspace.slug]), GOOD | {"video_id": str(pk)} | fields)

    return send


@pytest.fixture
def autosave(as_maria: Client, workspace: Workspace, key: APIKey) -> Callable[..., int]:
    def autosave(pk: uuid.UUID, **fields: str) -> int:
        return as_maria.post(reverse("video_draft", args=[workspace.slug, pk]), GOOD | fields).status_code

    return autosave


def test_valid_form_creates_one_waiting_video_and_one_submission(
    send: Any, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    queued: list[Any] = []
    monkeypatch.setattr(wakeup, "async_task", lambda *args, **kwargs: queued.append(args[1:]))
    pk = uuid.uuid4()

    with django_capture_on_commit_callbacks(execute=True):
        first, second = send(pk), send(pk)

    video = Video.objects.get()
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"] == reverse("video", args=[workspace.slug, pk])
    assert (video.pk, video.status) == (pk, Status.WAITING)
    assert [event.to_status for event in video.events.all()] == ["waiting"]
    assert queued == [(str(video.api_key_id),)]


@pytest.mark.parametrize("pk", ["", "nonsense", "x\x00", "0" * 31])
def test_form_with_an_invalid_id_gets_a_new_one(pk: str, send: Any) -> None:
    assert send(pk).status_code == 302
    assert Video.objects.count() == 1


def test_video_of_another_workspace_is_not_found(
    send: Any, autosave: Any, make_video: Any, zoe: User, as_maria: Client, workspace: Workspace
) -> None:
    theirs = make_video(Status.DRAFT, workspace=Workspace.objects.of(zoe).get(), api_key=None, title="Theirs")
    before = Video.objects.values().get()

    answers = [
        send(theirs.pk).status_code,
        send(theirs.pk, intent="draft").status_code,
        as_maria.get(reverse("video_edit", args=[workspace.slug, theirs.pk])).status_code,
        as_maria.post(reverse("video_edit", args=[workspace.slug, theirs.pk]), GOOD).status_code,
    ]

    assert answers == [404] * 4
    assert autosave(theirs.pk) == 404
    assert Video.objects.values().get() == before


def test_draft_can_be_saved_reopened_and_generated(send: Any, as_maria: Client, workspace: Workspace) -> None:
    pk = uuid.uuid4()
    assert send(pk, intent="draft", title="Half", script="", replica_id="").status_code == 302
    edit = reverse("video_edit", args=[workspace.slug, pk])
    assert 'value="Half"' in as_maria.get(edit).content.decode()

    as_maria.post(edit, GOOD | {"title": "Whole"})

    video = Video.objects.get()
    assert (video.title, video.status) == ("Whole", Status.WAITING)


def test_generated_video_can_no_longer_be_edited(
    send: Any, as_maria: Client, workspace: Workspace, make_video: Any
) -> None:
    video = make_video(Status.QUEUED, title="Out")
    page = reverse("video", args=[workspace.slug, video.pk])
    edit = reverse("video_edit", args=[workspace.slug, video.pk])

    assert as_maria.get(edit)["Location"] == page
    assert as_maria.post(edit, GOOD | {"title": "Changed"}).status_code == 409
    assert send(video.pk, title="Changed").status_code == 409
    video.refresh_from_db()
    assert Video.objects.get(status=Status.DRAFT).title == "Changed"
    assert (video.title, video.status) == ("Out", Status.QUEUED)


def test_autosave_keeps_input(autosave: Any, maria: User) -> None:
    pk = uuid.uuid4()

    assert autosave(pk, title="W") == 204
    assert autosave(pk, title="Wel", audio_url="https://exa") == 204

    video = Video.objects.get()
    assert (video.pk, video.title, video.audio_url, video.status) == (pk, "Wel", "https://exa", Status.DRAFT)
    assert video.created_by == maria
    assert not video.events.exists()


def test_autosave_skips_only_invalid_fields(autosave: Any, zoe: User) -> None:
    foreign = APIKey.make(Workspace.objects.of(zoe).get(), name="Z", secret="x" * 20, is_sandbox=False, by=zoe)
    foreign.save()
    pk = uuid.uuid4()
    autosave(pk, title="First", background="page")
    before = Video.objects.get()

    autosave(
        pk,
        title="x" * 121,
        script="Still good",
        background="green",
        api_key=str(foreign.pk),
        audio=str(uuid.uuid4()),
        replica_id="a\x00b",
    )

    video = Video.objects.get()
    assert (video.title, video.script, video.background) == ("First", "Still good", "page")
    assert (video.api_key, video.replica_id) == (before.api_key, before.replica_id)


def test_late_autosave_does_not_change_a_generated_video(autosave: Any, send: Any) -> None:
    pk = uuid.uuid4()
    send(pk)
    before = Video.objects.values().get()

    assert autosave(pk, title="Late") == 409

    assert Video.objects.values().get() == before


def test_late_autosave_does_not_restore_a_deleted_draft(make_video: Any, maria: User) -> None:
    video = make_video(Status.CANCELLED)

    late = drafts.Edit(is_autosave=True)
    with pytest.raises(drafts.NotADraft):
        actions.save_draft(Actor(user=maria), video.workspace, video.pk, {"title": "Back"}, late)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
def test_viewer_can_create_nothing(role: Role, client: Client, erik: User, workspace: Workspace, key: APIKey) -> None:
    erik.memberships.update(role=role)
    client.force_login(erik)
    new, draft = (
        reverse("video_new", args=[workspace.slug]),
        reverse("video_draft", args=[workspace.slug, uuid.uuid4()]),
    )

    assert client.get(new).status_code == client.post(new, GOOD).status_code == 403
    assert client.post(draft, GOOD).status_code == 403
    assert not Video.objects.exists()


def test_duplicate_starts_with_all_fields(as_maria: Client, workspace: Workspace, make_video: Any) -> None:
    source = make_video(
        Status.READY,
        title="Hello",
        script="Say <this>",
        background="page",
        background_url="https://example.com",
        background_scroll=False,
        background_scroll_type="smooth",
        start_with_wave=False,
        watermark_image_url="https://example.com/w.png",
    )

    form = as_maria.get(reverse("video_new", args=[workspace.slug]), {"from": source.pk}).context["form"]

    shown = {name: form[name].value() for name in form.fields}
    assert shown["title"] == "Hello (copy)"
    assert (shown["script"], shown["background_url"], shown["background_scroll"]) == (
        "Say <this>",
        "https://example.com",
        False,
    )
    assert (shown["api_key"], shown["replica_id"], shown["start_with_wave"]) == (source.api_key_id, "r1", False)


@pytest.mark.parametrize("source", ["nonsense", "", "x", str(uuid.UUID(int=1))])
def test_duplicate_of_an_unknown_video_is_blank(
    source: str, as_maria: Client, workspace: Workspace, key: APIKey
) -> None:
    page = as_maria.get(reverse("video_new", args=[workspace.slug]), {"from": source})

    assert page.status_code == 200
    assert not page.context["form"]["title"].value()


def test_duplicate_of_another_workspaces_video_is_blank(
    as_maria: Client, workspace: Workspace, key: APIKey, zoe: User, make_video: Any
) -> None:
    theirs = make_video(Status.READY, workspace=Workspace.objects.of(zoe).get(), api_key=None, script="Their secret")

    page = as_maria.get(reverse("video_new", args=[workspace.slug]), {"from": theirs.pk})

    assert "Their secret" not in page.content.decode()


def test_form_with_errors_keeps_the_draft(send: Any, autosave: Any) -> None:
    pk = uuid.uuid4()
    autosave(pk, title="Kept")

    assert send(pk, replica_id="").status_code == 422

    assert Video.objects.get().title == "Kept"


@pytest.mark.parametrize("change", ["role", "removed"])
def test_member_demoted_or_removed_while_typing_gets_the_script_back(
    change: str, client: Client, erik: User, workspace: Workspace, key: APIKey
) -> None:
    client.force_login(erik)
    if change == "role":
        erik.memberships.update(role=Role.VIEWER)
    else:
        erik.memberships.all().delete()

    answer = client.post(reverse("video_new", args=[workspace.slug]), GOOD | {"script": "Hours of <work>"})

    assert answer.status_code == (403 if change == "role" else 404)
    assert "Hours of &lt;work&gt;</textarea>" in answer.content.decode()


@pytest.mark.parametrize(("origin", "is_shown"), [("same-origin", True), ("cross-site", False), ("", False)])
def test_expired_form_returns_the_script(origin: str, is_shown: bool, maria: User, workspace: Workspace) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": origin} if origin else {})
    client.force_login(maria)

    answer = client.post(reverse("video_new", args=[workspace.slug]), GOOD | {"script": "Hours of work"})

    assert answer.status_code == 403
    assert ("Hours of work" in answer.content.decode()) == is_shown
