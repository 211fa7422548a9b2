"""What members do with comments on a video's page in the workspace."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.reviews import actions
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import Comment, VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.permissions import Role


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, tavus_id="v1", hosted_url="https://tavus.video/v1")


@pytest.fixture
def link(video: Video) -> ShareLink:
    return ShareLink.objects.create(video=video, comments="named", approval=True, name="For Ada")


@pytest.fixture
def said(video: Video, link: ShareLink) -> Comment:
    ada = Speaker(Proof.NAME, "Ada", link=str(link.pk), link_name="For Ada")
    return actions.comment(ada, video, "The <b>logo</b> is old.")


def page(client: Client, video: Video) -> str:
    return client.get(video.get_absolute_url()).text


def send(client: Client, video: Video, **fields: Any) -> Any:
    return client.post(reverse("video_comments", args=["acme", video.pk]), fields)


def act(client: Client, act: str, comment: Comment) -> Any:
    return client.post(reverse(f"comment_{act}", args=["acme", comment.pk]))


def test_guest_comment_is_shown_escaped_with_its_link(as_maria: Client, video: Video, said: Comment) -> None:
    shown = page(as_maria, video)

    assert "The &lt;b&gt;logo&lt;/b&gt; is old." in shown
    assert "For Ada" in shown


def test_reply_appears_on_the_share_page(as_maria: Client, video: Video, said: Comment, link: ShareLink) -> None:
    answer = send(as_maria, video, comment="Changed today.", answers=said.pk)

    reply = Comment.objects.get(parent=said)
    assert answer["Location"] == f"{video.get_absolute_url()}#comment-{reply.pk}"
    public = Client().get(link.get_absolute_url()).text
    assert "Changed today." in public
    assert "maria@example.com" not in public


def test_team_comment_stays_in_the_workspace(as_maria: Client, video: Video, link: ShareLink) -> None:
    send(as_maria, video, comment="Between us.")

    assert "Between us." in page(as_maria, video)
    assert "Between us." not in Client().get(link.get_absolute_url()).text


def test_empty_reply_is_refused_in_its_thread(as_maria: Client, video: Video, said: Comment) -> None:
    answer = send(as_maria, video, comment=" ", answers=said.pk)

    assert answer.status_code == 422
    refused = answer.text.index("This field is required.")
    assert answer.text.rindex(f'id="comment-{said.pk}"', 0, refused) > 0
    assert not Comment.objects.filter(parent=said).exists()


def test_thread_can_be_resolved_and_reopened(as_maria: Client, video: Video, said: Comment, maria: User) -> None:
    act(as_maria, "resolve", said)
    said.refresh_from_db()
    assert said.resolved_by == maria
    assert "Reopen" in page(as_maria, video)

    act(as_maria, "reopen", said)
    said.refresh_from_db()
    assert not said.is_resolved


def test_deleted_comment_disappears_with_its_replies_and_is_recorded(
    as_maria: Client, video: Video, said: Comment, link: ShareLink
) -> None:
    send(as_maria, video, comment="Changed today.", answers=said.pk)

    act(as_maria, "delete", said)

    for shown in (page(as_maria, video), Client().get(link.get_absolute_url()).text):
        assert "is old." not in shown
        assert "Changed today." not in shown
    assert AuditEvent.objects.filter(action=AuditAction.COMMENT_DELETED).count() == 1


def test_reviewer_can_delete_only_their_own_comments(client: Client, erik: User, video: Video, said: Comment) -> None:
    erik.memberships.update(role=Role.REVIEWER)
    client.force_login(erik)
    send(client, video, comment="Mine")

    assert act(client, "delete", said).status_code == 403
    assert act(client, "delete", Comment.objects.get(user=erik)).status_code == 302

    assert [row.body for row in Comment.objects.visible()] == [said.body]


def test_another_workspaces_comment_is_not_found(client: Client, zoe: User, said: Comment) -> None:
    client.force_login(zoe)

    assert client.post(reverse("comment_delete", args=["rival", said.pk])).status_code == 404
    assert Comment.objects.visible().exists()


@pytest.mark.parametrize("kind", VerdictKind)
def test_page_shows_the_approval_until_the_video_changes(kind: VerdictKind, as_maria: Client, video: Video) -> None:
    assert 'data-approval="none"' in page(as_maria, video)
    ada = Speaker(Proof.NAME, "Ada", link="7", link_name="For Ada")
    actions.decide(Actor(), ada, video, kind, shown=fingerprint_of(video), reason="Dates")

    shown = page(as_maria, video)
    assert f'data-approval="{kind}"' in shown
    assert "<strong>Ada</strong>" in shown
    Video.objects.update(script="Other words")

    assert 'data-approval="none"' in page(as_maria, video)
