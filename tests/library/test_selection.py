"""One act for many selected videos: what is done, what is not and why, in one request and one audit event."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.library import actions
from tavusweb.library.actions import Act, Reason
from tavusweb.library.models import Folder, FolderEntry, Tag, VideoTag
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace


def send(client: Client, workspace: Workspace, *videos: Video, **form: Any) -> str:
    given = {"video": [str(video.pk) for video in videos], **form}
    return client.post(reverse("videos_selected", args=[workspace.slug]), given, follow=True).text


def bulk_events() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action="videos_changed"))


def test_deleting_many_leaves_one_event_and_one_undo(as_maria: Client, workspace: Workspace, make_video: Any) -> None:
    ready, waiting, draft = make_video(Status.READY), make_video(Status.WAITING), make_video(Status.DRAFT)
    kept = make_video(Status.READY)

    page = send(as_maria, workspace, ready, waiting, draft, act="delete")

    assert set(Video.objects.in_trash()) == {ready, waiting, draft}
    assert [event.after for event in bulk_events()] == [{"videos": 3, "act": "delete"}]

    undo = re.search(r'action="([^"]*/selected/undo/[^"]*)"', page)
    assert undo
    as_maria.post(undo[1].replace("&amp;", "&"))

    assert not Video.objects.in_trash().exists()
    assert kept in Video.objects.current()


def test_undo_restores_nothing_that_was_deleted_before(as_maria: Client, workspace: Workspace, make_video: Any) -> None:
    earlier, later = make_video(Status.READY), make_video(Status.READY)
    send(as_maria, workspace, earlier, act="delete")

    page = send(as_maria, workspace, later, act="delete")
    as_maria.post(re.search(r'action="([^"]*/selected/undo/[^"]*)"', page)[1])  # type: ignore[index]

    assert list(Video.objects.in_trash()) == [earlier]


def test_second_click_changes_nothing_more(maria: User, workspace: Workspace, make_video: Any) -> None:
    pks, actor = [make_video(Status.FAILED).pk], Actor.system("test", user=maria)
    for act in (Act.RETRY, Act.DELETE):
        assert actions.act_on_selected(actor, workspace, pks, act).done == 1
        assert actions.act_on_selected(actor, workspace, pks, act).done == 0
    assert len(bulk_events()) == 2


@pytest.mark.parametrize(
    ("act", "changed", "reason"),
    [
        (Act.RETRY, {Status.FAILED, Status.CANCELLED}, Reason.NOT_RETRIABLE),
        (Act.DELETE, {Status.FAILED, Status.CANCELLED, Status.READY, Status.DRAFT}, Reason.NOT_DELETABLE),
        (Act.RESTORE, set(), Reason.NOT_IN_TRASH),
        (Act.DELETE_FOR_GOOD, set(), Reason.UNSETTLED),
    ],
)
def test_what_could_not_be_done_is_counted_with_its_reason(
    act: Act, changed: set[Status], reason: Reason, maria: User, workspace: Workspace, make_video: Any
) -> None:
    statuses = [Status.FAILED, Status.CANCELLED, Status.READY, Status.DRAFT, Status.DELETED]
    pks = [make_video(status).pk for status in statuses]

    outcome = actions.act_on_selected(Actor.system("test", user=maria), workspace, pks, act)

    assert (outcome.done, outcome.left) == (len(changed), {reason: len(statuses) - len(changed)})


def test_all_that_match_is_resolved_on_the_server(as_maria: Client, workspace: Workspace, make_video: Any) -> None:
    failed, ready = make_video(Status.FAILED), make_video(Status.READY)
    newer = make_video(Status.FAILED, created_at=timezone.now() + timedelta(minutes=1))
    form = {"every": "on", "query": "status=failed", "up_to": timezone.now().isoformat(), "act": "delete"}

    send(as_maria, workspace, **form)

    assert list(Video.objects.in_trash()) == [failed]
    assert {ready, newer} == set(Video.objects.current())


def test_all_that_match_words(as_maria: Client, workspace: Workspace, make_video: Any) -> None:
    summer, _winter = make_video(Status.READY, title="Summer"), make_video(Status.READY, title="Winter")

    send(as_maria, workspace, every="on", query="q=summer", act="tag", tag="Season")

    assert [entry.video for entry in VideoTag.objects.all()] == [summer]


def test_videos_of_another_workspace_are_not_touched(as_maria: Client, workspace: Workspace, zoe: User) -> None:
    foreign = Video.objects.create(workspace=zoe.memberships.get().workspace, title="Secret", status=Status.READY)

    send(as_maria, workspace, foreign, act="delete")

    assert not Video.objects.in_trash().exists()


def test_tag_and_folder_are_created_once_whatever_the_case(
    as_maria: Client, workspace: Workspace, make_video: Any
) -> None:
    one, two = make_video(Status.READY), make_video(Status.READY)

    send(as_maria, workspace, one, act="tag", tag="Étude")
    send(as_maria, workspace, one, two, act="tag", tag="étude")
    send(as_maria, workspace, one, act="move", folder="Launch")
    send(as_maria, workspace, one, two, act="move", folder="LAUNCH")

    assert (Tag.objects.count(), VideoTag.objects.count()) == (1, 2)
    assert (Folder.objects.count(), FolderEntry.objects.count()) == (1, 2)


def test_tag_and_folder_stand_in_the_row_and_filter(as_maria: Client, workspace: Workspace, make_video: Any) -> None:
    one, two = make_video(Status.READY), make_video(Status.READY)
    send(as_maria, workspace, one, act="tag", tag="Summer")
    send(as_maria, workspace, one, act="move", folder="Launch")
    library = reverse("videos", args=[workspace.slug])

    for query in (f"?tag={Tag.objects.get().pk}", f"?folder={Folder.objects.get().pk}"):
        page = as_maria.get(library + query).text
        assert f'data-video="{one.pk}"' in page
        assert f'data-video="{two.pk}"' not in page
        assert page.count("Summer</span>") == page.count("Launch</span>") == 1

    send(as_maria, workspace, one, act="untag", tag="summer")
    send(as_maria, workspace, one, act="move", folder="")
    assert not VideoTag.objects.exists()
    assert not FolderEntry.objects.exists()


def test_videos_stay_when_their_folder_and_tag_are_deleted(
    as_maria: Client, workspace: Workspace, make_video: Any
) -> None:
    video = make_video(Status.READY)
    send(as_maria, workspace, video, act="tag", tag="Summer")
    send(as_maria, workspace, video, act="move", folder="Launch")

    for kind, label in (("tag", Tag.objects.get()), ("folder", Folder.objects.get())):
        as_maria.post(reverse("label_delete", args=[workspace.slug, kind, label.pk]))

    assert not Tag.objects.exists()
    assert not Folder.objects.exists()
    assert list(Video.objects.all()) == [video]


@pytest.mark.parametrize("name", ["", " ​ ", "LAUNCH"])
def test_folder_cannot_be_renamed_to_nothing_or_to_another(name: str, maria: User, workspace: Workspace) -> None:
    Folder.objects.create(workspace=workspace, name="Launch")
    other = Folder.objects.create(workspace=workspace, name="Other")

    with pytest.raises(actions.BadName):
        actions.rename_label(Actor.system("test", user=maria), other, name)


def test_share_links_are_made_once_with_the_defaults(as_maria: Client, workspace: Workspace, make_video: Any) -> None:
    ready, draft = make_video(Status.READY), make_video(Status.DRAFT)
    form = {"act": "share", "share_group": str(uuid4())}

    page = send(as_maria, workspace, ready, draft, **form)
    send(as_maria, workspace, ready, draft, **form)

    assert ShareLink.objects.get().video == ready
    assert str(Reason.NOT_SHAREABLE.label) in page
    assert AuditEvent.objects.filter(action="shares_created").count() == 1


def test_deleting_for_good_asks_on_a_page_first(as_maria: Client, workspace: Workspace, make_video: Any) -> None:
    video = make_video(Status.READY, trashed_at=timezone.now())

    page = send(as_maria, workspace, video, act="delete_for_good")
    asked = Video.objects.get().wants_delete
    send(as_maria, workspace, video, act="delete_for_good", confirmed="yes")

    assert str(video.pk) in page
    assert (asked, Video.objects.get().wants_delete) == ("", "hard")


def test_what_takes_long_one_by_one_is_bounded(
    maria: User, workspace: Workspace, make_video: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.selected, "MOST_ONE_BY_ONE", 2)
    others = [make_video(Status.READY).pk for _ in range(2)]  # not in the way of those that can be retried
    pks = others + [make_video(Status.FAILED).pk for _ in range(3)]

    outcome = actions.act_on_selected(Actor.system("test", user=maria), workspace, pks, Act.RETRY)

    assert (outcome.done, outcome.left) == (2, {Reason.NOT_RETRIABLE: 2, Reason.TOO_MANY: 1})


def test_number_of_queries_does_not_grow_with_the_selection(
    maria: User, workspace: Workspace, make_video: Any, django_assert_max_num_queries: Any
) -> None:
    pks = [make_video(Status.READY).pk for _ in range(30)]

    for act, name in ((Act.TAG, "Summer"), (Act.MOVE, "Launch"), (Act.DELETE, ""), (Act.RESTORE, "")):
        with django_assert_max_num_queries(24):
            assert actions.act_on_selected(Actor.system("test", user=maria), workspace, pks, act, name=name).done == 30


@pytest.mark.parametrize("form", [{}, {"act": "burn"}, {"act": "delete", "every": "", "video": "nonsense"}])
def test_nothing_selected_or_an_unknown_act_changes_nothing(
    form: dict[str, str], as_maria: Client, workspace: Workspace, make_video: Any
) -> None:
    make_video(Status.READY)

    as_maria.post(reverse("videos_selected", args=[workspace.slug]), form)

    assert not Video.objects.in_trash().exists()
    assert not bulk_events()


def test_view_is_remembered_by_the_browser(as_maria: Client, workspace: Workspace, make_video: Any) -> None:
    make_video(Status.READY)
    library = reverse("videos", args=[workspace.slug])
    assert 'data-view="grid"' in as_maria.get(library).text

    as_maria.get(library, {"view": "list"})

    assert 'data-view="list"' in as_maria.get(library).text
