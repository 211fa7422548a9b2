"""When Tavus has lost the take behind a link: what its viewers see, and who is told."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.notify.kinds import Kind
from tavusweb.notify.models import Notice
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.sharing import actions
from tavusweb.sharing.models import ShareLink
from tavusweb.sharing.takes import waiting
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import DeleteMode, Status
from tavusweb.workspaces.permissions import Role

ADA = Speaker(Proof.NAME, "Ada", link="1", link_name="For Ada")
REPLACED = "This video is being replaced."
STANDS_IN = "This is the previous approved version."


@pytest.fixture
def old(make_video: Any) -> Video:
    return make_video(Status.READY, title="Old", hosted_url="https://tavus.video/old")


@pytest.fixture
def new(make_video: Any) -> Video:
    return make_video(Status.READY, title="New", hosted_url="https://tavus.video/new")


@pytest.fixture
def link(old: Video, new: Video, erik: User, maria: User) -> ShareLink:
    """Erik's link showed the old take and shows the new one."""
    link = ShareLink.objects.create(video=old, created_by=erik, name="For Ada", approval=True, comments="named")
    actions.swap_take(Actor(maria), link, new)
    link.refresh_from_db()
    return link


def approve(video: Video) -> None:
    reviews.decide(Actor(), ADA, video, VerdictKind.APPROVED, shown=fingerprint_of(video))


def lose(video: Video) -> None:
    assert Video.objects.get(pk=video.pk).record_deleted()


def look(link: ShareLink, path: str = "") -> Any:
    return Client().get(link.get_absolute_url() + path)


class TestWhatViewersSee:
    def test_lost_take_is_replaced_by_the_last_approved_one(self, link: ShareLink, old: Video, new: Video) -> None:
        approve(old)
        approve(new)
        lose(new)

        page = look(link)

        assert page.status_code == 200
        assert "https://tavus.video/old" in page.text
        assert STANDS_IN in page.text
        assert 'data-approval="approved"' in page.text
        assert reverse("share_approve", args=[link.token]) not in page.text, "nobody is asked about an old take"

    @pytest.mark.parametrize("reason", ["never approved", "changed since", "lost too", "being deleted"])
    def test_page_says_being_replaced_without_an_approved_take(
        self, reason: str, link: ShareLink, old: Video, new: Video
    ) -> None:
        if reason != "never approved":
            approve(old)
        changes: dict[str, dict[str, Any]] = {
            "changed since": {"script": "Other words"},
            "lost too": {"not_found_count": 2},
            "being deleted": {"wants_delete": DeleteMode.SOFT},
        }
        Video.objects.filter(pk=old.pk).update(**changes.get(reason, {"title": "Old"}))
        lose(new)

        page, panel = look(link), look(link, "panel/")

        for shown in (page, panel):
            assert shown.status_code == 200
            assert REPLACED in shown.text
            assert "tavus.video" not in shown.text
            assert "data-live=" in shown.text, "it comes back by itself"

    def test_comment_is_attached_to_the_replacement_take(self, link: ShareLink, old: Video, new: Video) -> None:
        approve(old)
        lose(new)

        Client().post(reverse("share_comment", args=[link.token]), {"name": "Bob", "comment": "Still good."})

        assert old.comments.get().body == "Still good."

    @pytest.mark.parametrize(
        ("state", "is_lost"),
        [
            ({"not_found_count": 1}, False),
            ({"not_found_count": 2}, True),
            ({"hosted_url": "", "download_url": ""}, True),
            ({"hosted_url": "", "download_url": "https://cdn.example/v.mp4"}, False),
        ],
        ids=str,
    )
    def test_take_missing_at_tavus_or_unplayable_is_lost_until_it_returns(
        self, state: dict[str, Any], is_lost: bool, link: ShareLink, old: Video, new: Video
    ) -> None:
        approve(old)
        before = {name: getattr(new, name) for name in state}
        Video.objects.filter(pk=new.pk).update(**state)
        assert (STANDS_IN in look(link).text) is is_lost

        Video.objects.filter(pk=new.pk).update(**before)

        assert "https://tavus.video/new" in look(link).text
        assert STANDS_IN not in look(link).text

    def test_take_deleted_by_a_member_is_not_replaced(self, link: ShareLink, old: Video, new: Video) -> None:
        approve(old)
        Video.objects.filter(pk=new.pk).update(wants_delete=DeleteMode.SOFT)
        assert look(link).status_code == 410

        lose(new)

        assert look(link).status_code == 410
        assert "This video was deleted" in look(link).text

    def test_lost_take_keeps_the_gate_and_uses_no_view(self, link: ShareLink, new: Video) -> None:
        lose(new)
        ShareLink.objects.update(view_limit=3)
        assert REPLACED in look(link).text
        ShareLink.objects.update(view_limit=None, email_rule="any")

        assert "Who is watching?" in look(link).text
        assert REPLACED not in look(link).text

    @pytest.mark.parametrize(("language", "words"), [("de", "ersetzt"), ("fr", "remplac"), ("es", "reemplaz")])
    def test_lost_take_message_is_in_the_visitors_language(
        self, language: str, words: str, link: ShareLink, new: Video
    ) -> None:
        lose(new)

        page = Client(headers={"Accept-Language": language}).get(link.get_absolute_url())

        assert words in page.text

    def test_lost_take_page_takes_at_most_four_queries(self, link: ShareLink, old: Video, new: Video) -> None:
        approve(old)
        lose(new)

        with CaptureQueriesContext(connection) as queries:
            look(link)

        assert len(queries) <= 4


class TestWhoIsTold:
    def test_engine_notifies_the_link_creator_once(
        self,
        sweep: Any,
        tavus: Any,
        link: ShareLink,
        new: Video,
        erik: User,
        monkeypatch: Any,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        woken: list[Any] = []
        monkeypatch.setattr("tavusweb.videos.models.news.async_task", lambda *args, **kwargs: woken.append(args))
        remote = tavus.accept({"video_name": "New"})["video_id"]
        tavus.set(remote, status="deleted")
        Video.objects.filter(pk=new.pk).update(tavus_id=remote, next_poll_at=timezone.now())

        with django_capture_on_commit_callbacks(execute=True):
            sweep()
        for name, *args in woken * 2:
            import_string(name)(*args)
        waiting.settle_all()

        notice = Notice.objects.get()
        assert (notice.recipient, notice.kind, notice.data) == (
            erik,
            Kind.TAKE_LOST,
            {"title": "New", "link": "For Ada"},
        )
        assert notice.url == reverse("share_link_takes", args=["acme", link.pk])

    @pytest.mark.parametrize("departure", ["left", "viewer"])
    def test_owners_are_notified_if_the_creator_can_no_longer_share(
        self, departure: str, link: ShareLink, new: Video, erik: User, maria: User
    ) -> None:
        memberships = erik.memberships.all()
        memberships.delete() if departure == "left" else memberships.update(role=Role.VIEWER)
        lose(new)

        waiting.settle(str(new.pk))

        assert Notice.objects.get().recipient == maria

    def test_revoked_link_or_deleted_take_notifies_nobody(self, link: ShareLink, new: Video, maria: User) -> None:
        Video.objects.filter(pk=new.pk).update(wants_delete=DeleteMode.SOFT)
        lose(new)
        waiting.settle_all()
        Video.objects.filter(pk=new.pk).update(lost_at=timezone.now())
        link.revoke(by=maria)
        waiting.settle_all()

        assert not Notice.objects.exists()

    def test_swapping_settles_the_notice_and_a_new_loss_notifies_again(
        self, link: ShareLink, old: Video, new: Video, maria: User
    ) -> None:
        lose(new)
        waiting.settle_all()
        actions.swap_take(Actor(maria), link, old)
        assert Notice.objects.get().closed_at is not None

        lose(old)
        waiting.settle_all()

        assert Notice.objects.filter(closed_at=None).get().data["title"] == "Old"
