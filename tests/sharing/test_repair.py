"""Change many share links at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.sharing import actions
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role

SHARED = reverse("shared_links", args=["acme"])
REPAIR = reverse("share_links_repair", args=["acme"])
DAYS = timedelta(days=1)


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY)


def links(video: Video, count: int, **fields: Any) -> list[ShareLink]:
    return ShareLink.objects.bulk_create(ShareLink(video=video, **fields) for _ in range(count))


def everything(**fields: Any) -> dict[str, Any]:
    """The form's fields for all that match."""
    return {"every": "on", "up_to": ShareLink.objects.latest("pk").pk, **fields}


def test_expiry_is_set_on_selected_links_only(as_maria: Client, video: Video) -> None:
    first, _second, third = links(video, 3)

    page = as_maria.post(REPAIR, {"link": [first.pk, third.pk], "repair": "expire_30"}, follow=True)

    assert "2 links changed." in page.text
    ends = list(ShareLink.objects.order_by("pk").values_list("expires_at", flat=True))
    assert [bool(end) for end in ends] == [True, False, True]
    assert timedelta(0) <= 30 * DAYS - (ends[0] - timezone.now()) < timedelta(minutes=1)


def test_earlier_expiry_is_kept(as_maria: Client, video: Video) -> None:
    soon = timezone.now() + 2 * DAYS
    [link] = links(video, 1, expires_at=soon)

    page = as_maria.post(REPAIR, {"link": [link.pk], "repair": "expire_30"}, follow=True)

    link.refresh_from_db()
    assert link.expires_at == soon
    assert "Nothing to change" in page.text
    assert not AuditEvent.objects.filter(action="shares_repaired").exists()


def test_select_all_covers_links_matching_the_filter_when_loaded(as_maria: Client, video: Video) -> None:
    links(video, 60)
    safe = links(video, 1, password_hash="x", expires_at=timezone.now() + DAYS)
    given = everything(risk="no_expiry", repair="revoke")
    [later] = links(video, 1)

    as_maria.post(REPAIR, given)

    live = set(ShareLink.objects.current().values_list("pk", flat=True))
    assert live == {safe[0].pk, later.pk}
    assert AuditEvent.objects.get(action="shares_repaired").after == {"links": 60, "repair": "revoke"}


def test_undo_restores_bulk_revoked_links(as_maria: Client, video: Video, erik: User) -> None:
    [others] = links(video, 1, revoked_at=timezone.now(), revoked_by=erik)
    links(video, 3)

    page = as_maria.post(REPAIR, everything(repair="revoke"), follow=True).text
    undo = page[page.index('action="/w/acme/shared/restore/?at=') + 8 :].split('"')[0]
    answer = as_maria.post(undo, follow=True)

    assert "3 links restored." in answer.text
    assert ShareLink.objects.current().count() == 3
    others.refresh_from_db()
    assert others.is_revoked


def test_email_confirmed_by_a_code_is_required_where_mail_is_set_up(
    as_maria: Client, video: Video, settings: Any
) -> None:
    [link] = links(video, 1, email_rule="any")

    as_maria.post(REPAIR, {"link": [link.pk], "repair": "confirm_email"})
    link.refresh_from_db()
    assert link.email_rule == "confirmed"

    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "Require an email confirmed" not in as_maria.get(SHARED).text
    assert (
        "not one of the available choices"
        in as_maria.post(REPAIR, {"link": [link.pk], "repair": "confirm_email"}, follow=True).text
    )


def test_ownerless_links_are_taken_over(as_maria: Client, video: Video, maria: User, zoe: User) -> None:
    links(video, 1)
    links(video, 1, created_by=zoe)

    as_maria.post(REPAIR, everything(risk="owner_gone", repair="hand_to_me"))

    assert ShareLink.objects.filter(created_by=maria).count() == 2
    assert "Owner left" not in as_maria.get(SHARED).text


def test_ended_links_and_those_of_other_workspaces_are_not_changed(as_maria: Client, video: Video, zoe: User) -> None:
    now = timezone.now()
    ended = links(video, 1, closed_at=now) + links(video, 1, revoked_at=now) + links(video, 1, expires_at=now)
    rival = Workspace.objects.get(slug="rival")
    foreign = links(Video.objects.create(workspace=rival, status=Status.READY), 1)

    page = as_maria.post(REPAIR, {"link": [link.pk for link in ended + foreign], "repair": "hand_to_me"}, follow=True)

    assert "Nothing to change" in page.text
    assert not ShareLink.objects.exclude(created_by=None).exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"repair": "revoke"}, "Select the links to change."),
        ({"repair": "", "link": ["1"]}, "Choose what to change."),
        ({"repair": "nonsense", "link": ["1"]}, "not one of the available choices"),
        ({"repair": "revoke", "link": ["x", "-1", "9" * 40, "１"]}, "Select the links to change."),
    ],
)
def test_incomplete_selection_is_an_error_and_changes_nothing(
    given: dict[str, Any], words: str, as_maria: Client, video: Video
) -> None:
    links(video, 2)

    page = as_maria.post(REPAIR, given | {"risk": "no_expiry"}, follow=True)

    assert words in page.text
    assert 'href="?risk=no_expiry" aria-current="page"' in page.text, "the filter stays"
    assert ShareLink.objects.current().count() == 2


def test_role_is_rechecked_inside_the_transaction(video: Video, erik: User, workspace: Workspace) -> None:
    links(video, 1)
    erik.memberships.update(role=Role.VIEWER)

    with pytest.raises(PermissionDenied):
        actions.repair(Actor(erik), workspace, actions.Chosen((ShareLink.objects.get().pk,)), actions.Repair.REVOKE)

    assert ShareLink.objects.current().count() == 1


class TestList:
    def test_riskiest_live_link_is_first_with_its_reasons(self, as_maria: Client, video: Video, maria: User) -> None:
        safe = {"password_hash": "x", "expires_at": timezone.now() + DAYS}
        [gone] = links(video, 1)
        [good] = links(video, 1, created_by=maria, **safe)
        [ended] = links(video, 1, created_by=maria, revoked_at=timezone.now())
        [open_one] = links(video, 1, created_by=maria)

        page = as_maria.get(SHARED).text

        order = [int(part.split('"')[0]) for part in page.split('data-link="')[1:]]
        assert order == [gone.pk, open_one.pk, good.pk, ended.pk]
        assert page.count('data-risk="owner_gone"') == 1
        assert page.count('data-risk="no_expiry"') == 2
        assert 'href="?risk=no_expiry">No expiry <span class="muted nums">2</span>' in page

    def test_filters_and_search_narrow_the_list(self, as_maria: Client, video: Video, maria: User) -> None:
        links(video, 2, created_by=maria, name="For Ada")
        links(video, 1, created_by=maria, revoked_at=timezone.now())

        def count(**query: str) -> int:
            return as_maria.get(SHARED, query).text.count("data-link=")

        assert [count(), count(show="live"), count(show="ended"), count(show="x", risk="y")] == [3, 2, 1, 3]
        assert [count(q="ada"), count(q="WELCOME"), count(q="nobody"), count(q="ada", show="ended")] == [2, 3, 0, 0]

    @pytest.mark.thorough
    def test_query_count_is_constant_up_to_ten_thousand_links(
        self, as_maria: Client, video: Video, maria: User, django_assert_num_queries: Any
    ) -> None:
        links(video, 10_000, created_by=maria)

        with django_assert_num_queries(10):  # as with one
            page = as_maria.get(SHARED)

        assert "Select all 10000 links that match" in page.text
        as_maria.post(REPAIR, everything(repair="expire_90"))
        assert not ShareLink.objects.filter(expires_at=None).exists()

    def test_viewers_can_select_nothing(self, client: Client, video: Video, erik: User) -> None:
        links(video, 1)
        erik.memberships.update(role=Role.VIEWER)
        client.force_login(erik)

        page = client.get(SHARED).text

        assert 'name="link"' not in page
        assert 'id="repair"' not in page
