"""What visitors answer on a share page: comments, approvals, requests for changes; and who may."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditEvent
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import Comment, Verdict
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.accounts.conftest import fresh_limits  # noqa: F401


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Launch", hosted_url="https://tavus.video/v1", tavus_id="v1")


@pytest.fixture
def share(video: Video, maria: User) -> Any:
    return lambda **rules: ShareLink.objects.create(video=video, created_by=maria, **rules)


def post(client: Client, route: str, link: ShareLink, **fields: str) -> Any:
    return client.post(reverse(route, args=[link.token]), fields)


def page(client: Client, link: ShareLink) -> str:
    return client.get(link.get_absolute_url()).text


class TestComments:
    def test_named_guest_can_comment(self, share: Any) -> None:
        link, guest = share(comments="named"), Client()

        answer = post(guest, "share_comment", link, name="Ada", comment="The <b>logo</b>\nis old.")

        place = f"{link.get_absolute_url()}#comment-{Comment.objects.get().pk}"
        assert (answer.status_code, answer["Location"]) == (302, place)
        shown = page(Client(), link)
        assert "Ada" in shown
        assert "The &lt;b&gt;logo&lt;/b&gt;<br>is old." in shown

    def test_anonymous_comment_requires_permission(self, share: Any) -> None:
        named, anonymous = share(comments="named"), share(comments="anonymous")

        refused = post(Client(), "share_comment", named, comment="Well done.")
        post(Client(), "share_comment", anonymous, comment="Well done.")

        assert refused.status_code == 422
        assert "Well done." in refused.text, "nothing typed is lost"
        assert Comment.objects.get().proof == "none"

    @pytest.mark.parametrize(
        "rules", [{}, {"comments": "named", "password_hash": "x"}, {"comments": "named", "view_limit": 1}]
    )
    def test_comment_route_is_404_without_the_right(self, rules: dict[str, Any], share: Any) -> None:
        assert post(Client(), "share_comment", share(**rules), name="Ada", comment="Hi").status_code == 404
        assert not Comment.objects.exists()

    def test_comments_of_one_link_are_hidden_from_others(self, share: Any) -> None:
        ours, theirs = share(comments="named"), share(comments="named")
        post(Client(), "share_comment", ours, name="Ada", comment="Only for us")

        assert "Only for us" in page(Client(), ours)
        assert "Only for us" not in page(Client(), theirs)

    def test_reply_appears_below_its_comment(self, share: Any) -> None:
        link = share(comments="named")
        post(Client(), "share_comment", link, name="Ada", comment="First")
        first = Comment.objects.get()

        post(Client(), "share_comment", link, name="Bob", comment="Second", answers=str(first.pk))

        assert Comment.objects.get(name="Bob").parent == first

    def test_another_links_comment_cannot_be_answered(self, share: Any) -> None:
        ours, theirs = share(comments="named"), share(comments="named")
        post(Client(), "share_comment", ours, name="Ada", comment="First")

        post(Client(), "share_comment", theirs, name="Eve", comment="Second", answers=str(Comment.objects.get().pk))

        assert Comment.objects.get(name="Eve").parent is None

    def test_member_comments_under_their_own_name(self, share: Any, as_maria: Client) -> None:
        link = share(comments="named")

        post(as_maria, "share_comment", link, comment="Thank you.")

        said = Comment.objects.get()
        assert (said.proof, said.speaker_name) == ("member", "Maria")

    def test_bot_that_fills_the_trap_field_is_ignored(self, share: Any) -> None:
        link = share(comments="anonymous")

        answer = post(Client(), "share_comment", link, comment="Buy now", website="https://spam.example")

        assert answer.status_code == 302, "it is told nothing"
        assert not Comment.objects.exists()

    def test_comments_per_address_are_limited(self, share: Any) -> None:
        link = share(comments="anonymous")
        codes = [post(Client(), "share_comment", link, comment="again").status_code for _ in range(21)]

        assert codes == [302] * 20 + [429]

    @pytest.mark.parametrize(
        "site", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
    )
    def test_cross_site_post_is_rejected(self, site: dict[str, str], share: Any, as_maria: Client) -> None:
        link = share(comments="named")

        answer = as_maria.post(reverse("share_comment", args=[link.token]), {"comment": "Hi"}, headers=site)

        assert answer.status_code == 403
        assert not Comment.objects.exists()


class TestApproval:
    def approve(self, client: Client, link: ShareLink, **fields: str) -> Any:
        shown = {"shown": fingerprint_of(Video.objects.get(pk=link.video_id)), "name": "Ada"}
        return post(client, "share_approve", link, **shown | fields)

    def test_approval_is_confirmed_with_the_title_then_recorded(self, share: Any) -> None:
        link, guest = share(approval=True), Client()
        assert 'data-approval="none"' in page(guest, link)

        asked = self.approve(guest, link)
        assert "Approve this video?" in asked.text
        assert "Launch" in asked.text
        assert not Verdict.objects.exists()
        self.approve(guest, link, confirmed="on")

        assert 'data-approval="approved"' in page(Client(), link)
        assert AuditEvent.objects.get(action=AuditAction.VIDEO_APPROVED).after["name"] == "Ada"

    @pytest.mark.parametrize("change", [{"script": "Other words"}, {"tavus_id": "v2"}, {"replica_id": "r9"}])
    def test_any_change_except_the_title_ends_the_approval(self, change: dict[str, str], share: Any) -> None:
        link = share(approval=True)
        self.approve(Client(), link, confirmed="on")

        Video.objects.update(title="New title")
        assert 'data-approval="approved"' in page(Client(), link)
        Video.objects.update(**change)

        assert 'data-approval="none"' in page(Client(), link)

    def test_video_changed_since_it_was_shown_is_not_approved(self, share: Any, video: Video) -> None:
        link, shown = share(approval=True), fingerprint_of(video)
        Video.objects.update(script="Other words")

        answer = self.approve(Client(), link, confirmed="on", shown=shown)

        assert answer.status_code == 409
        assert "was changed since" in answer.text
        assert fingerprint_of(Video.objects.get()) in answer.text, "the next press is about what is shown now"
        assert not Verdict.objects.exists()

    def test_change_request_has_its_reason_and_outweighs_approvals(self, share: Any, video: Video) -> None:
        link = share(approval=True)
        self.approve(Client(), link, confirmed="on")

        refused = post(Client(), "share_changes", link, name="Bob", shown=fingerprint_of(video), reason=" ")
        post(Client(), "share_changes", link, name="Bob", shown=fingerprint_of(video), reason="The year is wrong.")

        assert refused.status_code == 422
        assert 'data-approval="changes"' in page(Client(), link)
        assert Verdict.objects.get(kind="changes").reason == "The year is wrong."

    def test_changed_decision_counts_once(self, share: Any, video: Video) -> None:
        link = share(approval=True)
        post(Client(), "share_changes", link, name="Ada", shown=fingerprint_of(video), reason="Too long.")

        self.approve(Client(), link, confirmed="on", name="ADA")

        assert 'data-approval="approved"' in page(Client(), link)

    def test_approval_requires_a_name_and_the_right(self, share: Any) -> None:
        assert self.approve(Client(), share(approval=True), confirmed="on", name="").status_code == 422
        assert self.approve(Client(), share(), confirmed="on").status_code == 404
        assert not Verdict.objects.exists()
