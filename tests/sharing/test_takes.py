"""A share link outlives its video: another take is put behind it, now or when it is ready, and back."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.backoffice.maintenance import tidy
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.sharing import actions
from tavusweb.sharing.models import LinkTake, ShareLink
from tavusweb.sharing.takes import waiting
from tavusweb.sharing.takes.related import candidates, links_to_put_behind
from tavusweb.videos.models import EventKind, Video
from tavusweb.videos.models.news import SETTLE_TAKES
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.permissions import Role


@pytest.fixture
def first(make_video: Any) -> Video:
    return make_video(Status.READY, title="First", hosted_url="https://tavus.video/v1")


@pytest.fixture
def second(make_video: Any) -> Video:
    return make_video(Status.READY, title="Second", hosted_url="https://tavus.video/v2")


@pytest.fixture
def link(first: Video, maria: User) -> ShareLink:
    return ShareLink.objects.create(video=first, created_by=maria, name="For Ada", approval=True, comments="named")


@pytest.fixture
def by_maria(maria: User) -> Actor:
    return Actor(maria)


def shown(link: ShareLink) -> str:
    return Client().get(link.get_absolute_url()).text


class TestSwap:
    def test_swapped_link_shows_the_new_take_at_the_same_url(
        self, as_maria: Client, link: ShareLink, first: Video, second: Video
    ) -> None:
        answer = as_maria.post(
            reverse("share_take_swap", args=["acme", link.pk]),
            {"video": second.pk, "instead_of": first.pk},
            follow=True,
        )

        assert "The link now shows “Second”." in answer.text
        assert "https://tavus.video/v2" in shown(link)
        assert "https://tavus.video/v1" not in shown(link)
        assert [(event.kind, event.data) for event in first.events.all()] == [
            (EventKind.TAKE_REPLACED, {"link": "For Ada", "after": "Second"})
        ]
        assert [(event.kind, event.data) for event in second.events.all()] == [
            (EventKind.TAKE_SHOWN, {"link": "For Ada", "before": "First"})
        ]

    def test_history_shows_when_each_take_was_live(
        self, as_maria: Client, by_maria: Actor, link: ShareLink, first: Video, second: Video
    ) -> None:
        actions.swap_take(by_maria, link, second)
        actions.swap_take(by_maria, link, first)

        takes = list(link.takes.past())
        assert [take.video for take in takes] == [second, first]
        assert takes[1].since == link.created_at
        assert takes[0].since == takes[1].until
        page = as_maria.get(reverse("share_link_takes", args=["acme", link.pk])).text
        rows = page.split("data-take=")[1:]
        assert ["Shown now" in row for row in rows] == [True, False, False]
        assert "Replaced by Maria" in rows[1]

    def test_undo_restores_the_previous_take_once(
        self, as_maria: Client, link: ShareLink, first: Video, second: Video
    ) -> None:
        Video.objects.filter(pk=first.pk).update(status=Status.FAILED)
        answer = as_maria.post(
            reverse("video_put_behind", args=["acme", second.pk]),
            {"link": link.pk, "next": second.get_absolute_url()},
            follow=True,
        )
        undo = reverse("share_take_undo", args=["acme", link.pk]) + f"?shown={second.pk}"
        assert f'action="{undo}"' in answer.text

        as_maria.post(undo)
        again = as_maria.post(undo, follow=True)

        link.refresh_from_db()
        assert link.video == first
        assert "changed in the meantime" in again.text

    def test_link_swapped_by_someone_else_is_not_changed(
        self, by_maria: Actor, link: ShareLink, first: Video, second: Video, make_video: Any
    ) -> None:
        third = make_video(Status.READY)
        actions.swap_take(by_maria, link, second, instead_of=first.pk)

        with pytest.raises(actions.Moved):
            actions.swap_take(by_maria, link, third, instead_of=first.pk)

        link.refresh_from_db()
        assert link.video == second

    def test_swapping_in_the_same_take_records_nothing(self, by_maria: Actor, link: ShareLink, first: Video) -> None:
        assert actions.swap_take(by_maria, link, first)

        assert not LinkTake.objects.exists()
        assert not AuditEvent.objects.exists()

    @pytest.mark.parametrize("status", [Status.DRAFT, Status.DELETED])
    def test_unshareable_take_is_rejected(
        self, status: Status, as_maria: Client, link: ShareLink, first: Video, make_video: Any
    ) -> None:
        video = make_video(status)

        answer = as_maria.post(
            reverse("share_take_swap", args=["acme", link.pk]), {"video": video.pk, "when_ready": "on"}, follow=True
        )

        assert "Drafts and deleted videos can’t be shared." in answer.text
        link.refresh_from_db()
        assert link.video == first

    @pytest.mark.parametrize("given", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
    def test_an_unknown_take_or_link_is_404(self, given: str, as_maria: Client, link: ShareLink, first: Video) -> None:
        swap, behind = (
            reverse("share_take_swap", args=["acme", link.pk]),
            reverse("video_put_behind", args=["acme", first.pk]),
        )

        assert as_maria.post(swap, {"video": given}).status_code == 404
        assert as_maria.post(behind, {"link": given}).status_code == 404
        assert as_maria.post(behind, {"link": "9" * 30}).status_code == 404

    def test_another_workspaces_take_is_404(self, client: Client, zoe: User, link: ShareLink, second: Video) -> None:
        client.force_login(zoe)

        for url in ("share_take_swap", "share_take_undo", "share_take_cancel"):
            assert client.post(reverse(url, args=["rival", link.pk]), {"video": second.pk}).status_code == 404
        link.refresh_from_db()
        assert link.video != second

    def test_role_revoked_meanwhile_prevents_the_swap(self, erik: User, link: ShareLink, second: Video) -> None:
        erik.memberships.update(role=Role.REVIEWER)

        with pytest.raises(PermissionDenied):
            actions.swap_take(Actor(erik), link, second)


class TestWhenReady:
    @pytest.fixture
    def rendering(self, make_video: Any) -> Video:
        return make_video(Status.GENERATING, title="Third", hosted_url="https://tavus.video/v3")

    def test_pending_take_is_rejected_unless_planned(
        self, as_maria: Client, link: ShareLink, first: Video, rendering: Video
    ) -> None:
        answer = as_maria.post(reverse("share_take_swap", args=["acme", link.pk]), {"video": rendering.pk}, follow=True)

        assert "“Third” isn’t ready yet." in answer.text
        link.refresh_from_db()
        assert link.video == first

    def test_planned_take_goes_live_when_ready(
        self,
        sweep: Any,
        tavus: Any,
        as_maria: Client,
        link: ShareLink,
        make_video: Any,
        monkeypatch: Any,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        woken: list[Any] = []
        monkeypatch.setattr("tavusweb.videos.models.news.async_task", lambda *args, **kwargs: woken.append(args))
        remote = tavus.accept({"video_name": "Third"})["video_id"]
        rendering = make_video(Status.GENERATING, title="Third", tavus_id=remote)
        as_maria.post(reverse("share_take_swap", args=["acme", link.pk]), {"video": rendering.pk, "when_ready": "on"})
        assert "https://tavus.video/v1" in shown(link), "until then"
        assert "takes over when it’s ready" in as_maria.get(reverse("share_link_takes", args=["acme", link.pk])).text

        tavus.finish(remote)
        with django_capture_on_commit_callbacks(execute=True):
            sweep()
        for name, *args in woken:
            import_string(name)(*args)

        assert f"https://tavus.video/{remote}" in shown(link)
        assert AuditEvent.objects.filter(action=AuditAction.TAKE_SWAPPED).get().actor == "maria@example.com"
        assert not link.takes.planned()

    def test_no_task_is_queued_without_a_planned_take(
        self, rendering: Video, monkeypatch: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        woken: list[Any] = []
        monkeypatch.setattr("tavusweb.videos.models.news.async_task", lambda *args, **kwargs: woken.append(args))

        with django_capture_on_commit_callbacks(execute=True):
            rendering.mirror(Status.READY, kind=EventKind.READY)

        assert not woken

    def test_maintenance_recovers_a_lost_task(self, by_maria: Actor, link: ShareLink, rendering: Video) -> None:
        assert not actions.swap_take(by_maria, link, rendering, when_ready=True)
        Video.objects.filter(pk=rendering.pk).update(status=Status.READY)

        tidy()

        link.refresh_from_db()
        assert link.video == rendering

    @pytest.mark.parametrize("loss", ["role", "video"])
    def test_plan_is_dropped_if_its_author_cannot_share_or_the_take_is_gone(
        self, loss: str, erik: User, link: ShareLink, first: Video, rendering: Video
    ) -> None:
        actions.swap_take(Actor(erik), link, rendering, when_ready=True)
        if loss == "role":
            erik.memberships.update(role=Role.VIEWER)
        Video.objects.filter(pk=rendering.pk).update(status=Status.READY if loss == "role" else Status.DELETED)

        waiting.settle(str(rendering.pk))
        waiting.settle(str(rendering.pk))

        link.refresh_from_db()
        assert link.video == first
        assert not link.takes.planned()
        assert AuditEvent.objects.filter(action=AuditAction.TAKE_PLAN_DROPPED).count() == 1

    def test_later_swap_replaces_the_plan(
        self, by_maria: Actor, link: ShareLink, second: Video, rendering: Video
    ) -> None:
        actions.swap_take(by_maria, link, rendering, when_ready=True)
        actions.swap_take(by_maria, link, second)
        Video.objects.filter(pk=rendering.pk).update(status=Status.READY)

        waiting.settle_all()

        link.refresh_from_db()
        assert link.video == second

    def test_task_referenced_by_the_engine_exists(self) -> None:
        assert import_string(SETTLE_TAKES) is waiting.settle


class TestOffered:
    def test_duplicates_are_offered_first_then_the_newest(self, link: ShareLink, first: Video, make_video: Any) -> None:
        copy = make_video(Status.READY, title="Copy", original=first)
        other = make_video(Status.GENERATING, title="Other")
        for status in (Status.DRAFT, Status.DELETED, Status.FAILED):
            make_video(status)

        assert candidates(link) == [copy, other]
        assert candidates(link, "other") == [other]
        assert [row.pk for row in links_to_put_behind(other)] == [link.pk]
        assert not links_to_put_behind(first)

    def test_duplicate_records_the_original_of_its_chain(self, as_maria: Client, first: Video, make_video: Any) -> None:
        copy = make_video(Status.READY, original=first)
        page = as_maria.get(reverse("video_new", args=["acme"]), {"from": copy.pk})
        assert f'name="from" value="{copy.pk}"' in page.text

        video_id = page.context["video_id"]
        sent = {"video_id": video_id, "from": copy.pk, "title": "Again", "script": "Hi", "intent": "draft"}
        as_maria.post(reverse("video_new", args=["acme"]), sent)

        assert Video.objects.get(pk=video_id).original == first


def test_an_approval_stays_with_its_take(
    as_maria: Client, by_maria: Actor, link: ShareLink, first: Video, second: Video
) -> None:
    ada = Speaker(Proof.NAME, "Ada", link=str(link.pk), link_name="For Ada")
    reviews.decide(Actor(), ada, first, VerdictKind.APPROVED, shown=fingerprint_of(first))
    assert 'data-approval="approved"' in shown(link)

    actions.swap_take(by_maria, link, second)

    assert 'data-approval="none"' in shown(link)
    assert 'data-approval="none"' in as_maria.get(second.get_absolute_url()).text
    assert 'data-approval="approved"' in as_maria.get(first.get_absolute_url()).text
    actions.swap_take(by_maria, link, first)
    assert 'data-approval="approved"' in shown(link), "it is the same take again"
