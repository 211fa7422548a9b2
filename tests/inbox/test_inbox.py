"""A member's inbox: visible and hidden notices, and actions on them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.notify import actions
from tavusweb.notify.actions import tell
from tavusweb.notify.kinds import Kind
from tavusweb.notify.models import Mute, Notice, Preference
from tavusweb.notify.retention import forget_old, recheck_visibility
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tests import cast

Told = Callable[..., Notice]
INBOX = "/w/acme/inbox/"


@pytest.fixture
def video(make_video: Any) -> Video:
    video: Video = make_video(Status.READY, title="Launch")
    return video


@pytest.fixture
def told(maria: User, workspace: Workspace, video: Video) -> Told:
    """`told(person, kind, **changes)` notifies a person of a new event about the video."""
    events = iter(range(100_000))

    def do(person: User | None = None, kind: Kind = Kind.APPROVED, **changes: Any) -> Notice:
        key = f"event:{next(events)}"
        given: dict[str, Any] = {"workspace": workspace, "subject_key": key, "about": f"video:{video.pk}"}
        given |= {"url": video.get_absolute_url(), "data": {"title": "Launch", "name": "Ada"}}
        tell([person or maria], kind, **given | changes)
        return Notice.objects.get(subject_key=key)

    return do


def act(client: Client, notice: Notice, what: str, **headers: str) -> Any:
    return client.post(reverse("inbox_act", args=["acme", notice.pk, what]), {"show": "open"}, headers=headers)


class TestWhatItShows:
    def test_notices_are_listed_and_counted_in_the_navigation(self, told: Told, as_maria: Client) -> None:
        told()
        told(kind=Kind.CHANGES_REQUESTED, data={"title": "Launch", "reason": "Too long"})

        page = as_maria.get(INBOX).text

        assert "Ada approved “Launch”" in page
        assert "Reason: Too long" in page
        assert ", 2 unread" in page

    def test_unread_notices_are_counted_once_per_page(self, told: Told, as_maria: Client, video: Video) -> None:
        told()

        with CaptureQueriesContext(connection) as queries:
            page = as_maria.get(video.get_absolute_url()).text

        assert ", 1 unread" in page
        assert len([query for query in queries if "COUNT(*)" in query["sql"] and "notify_notice" in query["sql"]]) == 1

    def test_approval_requests_show_due_and_overdue_dates(self, told: Told, as_maria: Client) -> None:
        told(kind=Kind.APPROVAL_ASKED, data={"title": "Launch", "due": "2999-01-31"})
        told(kind=Kind.APPROVAL_ASKED, data={"title": "Launch", "due": "2020-01-31T12:00:00+00:00"})

        page = as_maria.get(INBOX).text

        assert "Due 31 January 2999" in page
        assert "Overdue since 31 January 2020" in page

    def test_members_see_only_their_own_notices(self, told: Told, client: Client, erik: User, as_maria: Client) -> None:
        told()
        cast.sign_in(other := Client(), erik)

        assert "Ada approved" not in other.get(INBOX).text

    def test_guest_text_is_escaped(self, told: Told, as_maria: Client) -> None:
        told(data={"title": "Launch", "name": "<img src=x>"})

        assert "<img src=x>" not in as_maria.get(INBOX).text

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", {"approved", "comment", "video_ready"}),
            ("?of=comments", {"comment"}),
            ("?of=approvals", {"approved"}),
            ("?of=videos", {"video_ready"}),
            ("?of=links", set()),
            ("?show=unread", {"comment", "video_ready"}),
            ("?show=closed", {"changes_requested"}),
            ("?show=nonsense&of=nonsense&from=nonsense", {"approved", "comment", "video_ready"}),
        ],
    )
    def test_filters_narrow_the_list(self, query: str, expected: set[str], told: Told, as_maria: Client) -> None:
        actions.mark_read(told())
        told(kind=Kind.COMMENT)
        told(kind=Kind.VIDEO_READY)
        actions.close(told(kind=Kind.CHANGES_REQUESTED))

        shown = {item.notice.kind for item in as_maria.get(INBOX + query).context["items"]}

        assert shown == expected

    def test_paging_reaches_the_oldest_notice(self, told: Told, as_maria: Client) -> None:
        for _ in range(60):
            told()

        first = as_maria.get(INBOX)
        second = as_maria.get(INBOX + first.context["page"]["older_url"])

        assert (len(first.context["items"]), len(second.context["items"])) == (50, 10)
        assert second.context["page"]["newer_url"]

    def test_query_count_does_not_depend_on_the_notices(self, told: Told, as_maria: Client) -> None:
        told(kind=Kind.COMMENT)
        with CaptureQueriesContext(connection) as one:
            as_maria.get(INBOX)
        for _ in range(49):
            told(kind=Kind.COMMENT)

        with CaptureQueriesContext(connection) as fifty:
            as_maria.get(INBOX)

        assert len(fifty) == len(one) <= 12

    def test_viewing_the_inbox_writes_nothing(self, told: Told, as_maria: Client) -> None:
        told()
        before = list(Notice.objects.values())

        for url in (INBOX, f"{INBOX}live/", f"{INBOX}live/?since={timezone.now().isoformat()}"):
            assert as_maria.get(url).status_code == 200

        assert list(Notice.objects.values()) == before


class TestWhatItHides:
    def test_notices_about_deleted_objects_disappear(self, told: Told, as_maria: Client, video: Video) -> None:
        told()
        Video.objects.filter(pk=video.pk).update(status=Status.DELETED)

        page = as_maria.get(INBOX)

        assert page.context["items"] == []

    def test_count_drops_when_an_object_is_deleted_unannounced(
        self, told: Told, as_maria: Client, video: Video
    ) -> None:
        told()
        Video.objects.filter(pk=video.pk).update(status=Status.DELETED)
        recheck_visibility()
        gone = as_maria.get(INBOX).text
        Video.objects.filter(pk=video.pk).update(status=Status.READY)
        recheck_visibility()

        assert "unread</span>" not in gone
        assert ", 1 unread" in as_maria.get(INBOX).text

    def test_disabled_kind_is_neither_shown_nor_counted(self, told: Told, as_maria: Client, maria: User) -> None:
        told()
        Preference.objects.create(user=maria, kind=Kind.APPROVED, mail="now", in_app=False)

        page = as_maria.get(INBOX)

        assert page.context["items"] == []
        assert "unread</span>" not in page.text

    def test_notice_about_a_deleted_draft_disappears(self, told: Told, as_maria: Client, video: Video) -> None:
        row = video.comments.create(name="Ada", body="Hi", proof="name", fingerprint="0" * 64)
        tell(
            [User.objects.get(email="maria@example.com")],
            Kind.COMMENT,
            workspace=video.workspace,
            url="/",
            subject_key=f"comment:{row.pk}",
            about=f"video:{video.pk}",
            data={"title": "Launch"},
        )
        before = len(as_maria.get(INBOX).context["items"])

        row.deleted_at = timezone.now()
        row.save()

        assert (before, as_maria.get(INBOX).context["items"]) == (1, [])


class TestActs:
    def test_close_and_reopen(self, told: Told, as_maria: Client) -> None:
        notice = told()

        act(as_maria, notice, "close")
        closed = as_maria.get(INBOX).context["items"]
        act(as_maria, notice, "reopen")

        assert (closed, len(as_maria.get(INBOX).context["items"])) == ([], 1)

    def test_delete_can_be_undone(self, told: Told, as_maria: Client) -> None:
        notice = told()

        page = as_maria.post(reverse("inbox_act", args=["acme", notice.pk, "delete"]), follow=True).text
        undo = reverse("inbox_act", args=["acme", notice.pk, "restore"])

        assert f'action="{undo}"' in page
        as_maria.post(undo)
        assert len(as_maria.get(INBOX).context["items"]) == 1

    def test_mute_applies_to_one_member_only(self, told: Told, as_maria: Client, erik: User) -> None:
        notice = told()
        told(erik)

        act(as_maria, notice, "mute")
        told()

        assert as_maria.get(INBOX).context["items"] == []
        assert len(as_maria.get(f"{INBOX}?show=muted").context["items"]) == 2
        cast.sign_in(other := Client(), erik)
        assert len(other.get(INBOX).context["items"]) == 1
        act(as_maria, notice, "unmute")
        assert len(as_maria.get(INBOX).context["items"]) == 2

    @pytest.mark.parametrize("what", ["read", "close", "delete", "mute"])
    def test_concurrent_requests_apply_once_without_error(self, what: str, told: Told, as_maria: Client) -> None:
        notice = told()

        answers = [act(as_maria, notice, what).status_code for _ in range(2)]

        assert answers == [302, 302]
        assert Mute.objects.count() == (what == "mute")

    def test_mark_all_read(self, told: Told, as_maria: Client, erik: User) -> None:
        told(), told(), told(erik)

        as_maria.post(reverse("inbox_read_all", args=["acme"]))

        assert list(Notice.objects.filter(read_at=None).values_list("recipient__email", flat=True)) == [
            "erik@example.com"
        ]

    @pytest.mark.parametrize(
        ("asked", "given"),
        [
            ("/w/acme/inbox/?show=closed", "/w/acme/inbox/?show=closed"),
            ("{act}", INBOX),
            ("https://evil.example/", INBOX),
        ],
    )
    def test_every_action_redirects_to_a_page(self, asked: str, given: str, told: Told, as_maria: Client) -> None:
        url = reverse("inbox_act", args=["acme", told().pk, "close"])

        answer = as_maria.post(url, {"next": asked.format(act=url)})

        assert answer["Location"] == given

    def test_other_members_notices_return_404(self, told: Told, as_maria: Client, erik: User) -> None:
        assert act(as_maria, told(erik), "close").status_code == 404

    def test_unknown_action_returns_404(self, told: Told, as_maria: Client) -> None:
        assert act(as_maria, told(), "explode").status_code == 404

    def test_htmx_response_replaces_or_removes_the_row(self, told: Told, as_maria: Client) -> None:
        first, second = told(), told()

        read = act(as_maria, first, "read", **{"HX-Request": "true"}).text
        closed = act(as_maria, second, "close", **{"HX-Request": "true"}).text

        assert f'id="notice-{first.pk}"' in read
        assert "data-unread" not in read
        assert f'id="notice-{second.pk}"' not in closed
        assert 'id="inbox_count"' in closed
        assert "Closed." in closed


class TestLive:
    def test_poll_returns_count_and_browser_notifications(self, told: Told, as_maria: Client, maria: User) -> None:
        notice = told()
        silent = told(kind=Kind.COMMENT)
        Preference.objects.create(user=maria, kind=Kind.COMMENT, mail="now", in_browser=False)

        answer = as_maria.get(f"{INBOX}live/").text

        assert ", 2 unread" in answer
        assert f'data-news="{notice.pk}"' in answer
        assert str(silent.pk) not in answer

    def test_old_notices_raise_no_browser_notification(self, told: Told, as_maria: Client) -> None:
        notice = told()
        Notice.objects.update(created_at=timezone.now() - timedelta(minutes=10))

        assert str(notice.pk) not in as_maria.get(f"{INBOX}live/").text

    def test_page_that_shows_the_count_gets_an_empty_answer(self, told: Told, as_maria: Client) -> None:
        told()
        Notice.objects.update(created_at=timezone.now() - timedelta(minutes=10))

        assert as_maria.get(f"{INBOX}live/", {"was": "1"}).status_code == 204
        assert ", 1 unread" in as_maria.get(f"{INBOX}live/", {"was": "0"}).text

    def test_open_inbox_announces_new_notices(self, told: Told, as_maria: Client) -> None:
        since = as_maria.get(INBOX).context["since"]
        told(), told()

        answer = as_maria.get(f"{INBOX}live/", {"since": since}).text

        assert "2 new items" in answer
        assert 'hx-swap-oob="true"' in answer

    def test_count_takes_one_query_and_is_capped_at_a_hundred(
        self, workspace: Workspace, maria: User, as_maria: Client, django_assert_num_queries: Any
    ) -> None:
        from tavusweb.notify.queries import unread_count

        rows = [
            Notice(recipient=maria, workspace=workspace, kind="comment", subject_key=str(n), about="a", url="/")
            for n in range(150)
        ]
        Notice.objects.bulk_create(rows)

        with django_assert_num_queries(1):
            count = unread_count(maria, workspace)

        assert count == 100
        assert "99+" in as_maria.get(INBOX).text


class TestRetention:
    def test_old_notices_are_deleted(self, told: Told) -> None:
        old, new = told(), told()
        Notice.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=181))

        forget_old()

        assert [row.pk for row in Notice.objects.filter(kind="approved")] == [new.pk]
