"""Guests are mailed the replies to their comments if they ask for it, confirm, and have not stopped."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.models import Comment
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.sharing import replies
from tavusweb.sharing.models import ReplySubscription, ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.accounts.conftest import fresh_limits  # noqa: F401

ADA = "ada@example.com"


@pytest.fixture
def link(make_video: Any, maria: User) -> ShareLink:
    video = make_video(Status.READY, title="Launch", hosted_url="https://tavus.video/v1", tavus_id="v1")
    return ShareLink.objects.create(video=video, created_by=maria, comments="named")


@pytest.fixture
def guest(link: ShareLink) -> Client:
    """Ada, who commented and asked for replies."""
    client = Client()
    comment(client, link, email=ADA)
    return client


def comment(client: Client, link: ShareLink, **fields: Any) -> Any:
    given = {"name": "Ada", "comment": "The date is wrong."} | fields
    return client.post(reverse("share_comment", args=[link.token]), given, headers={"Accept-Language": "en"})


def subscription() -> ReplySubscription:
    return ReplySubscription.objects.get()


def address_in(body: str, route: str) -> str:
    [found] = re.findall(rf"http://[^/]+(/s/\S+/replies/{route}/\?t=\S+)", body)
    return str(found)


def confirmed() -> ReplySubscription:
    replies.confirm(subscription())
    return subscription()


def reply(link: ShareLink, maria: User, words: str = "Thank you, it is mended.") -> Comment:
    speaker = Speaker(Proof.MEMBER, maria.name, maria.email, maria, link=str(link.pk))
    thread = Comment.objects.filter(parent=None).first()
    return reviews.comment(speaker, link.video, words, parent=thread)


class TestConfirming:
    def test_button_in_the_mailed_page_confirms_and_looking_does_not(self, guest: Client) -> None:
        replies.mail_confirmation(subscription().pk)
        page = address_in(mail.outbox[0].body, "confirm")

        assert "Get replies by email?" in Client().get(page).text
        assert subscription().confirmed_at is None
        assert "You’ll get replies by email." in Client().post(page).text
        assert subscription().confirmed_at
        assert mail.outbox[0].to == [ADA]

    def test_confirmation_is_mailed_once_confirmed_no_more(self, guest: Client) -> None:
        replies.mail_confirmation(confirmed().pk)

        assert not mail.outbox

    def test_address_proven_by_a_code_needs_no_other_mail(self, guest: Client, link: ShareLink) -> None:
        said = Comment.objects.get()

        asked = replies.subscribe(link, said, "bob@example.com", address="192.0.2.1", is_confirmed=True)

        assert asked == replies.Asked.ON
        assert ReplySubscription.objects.get(email="bob@example.com").confirmed_at

    def test_flood_of_confirmations_to_a_mailbox_is_limited_and_comments_stay(self, link: ShareLink) -> None:
        answers = [comment(Client(), link, email=ADA, comment=f"Number {number}").url for number in range(7)]

        assert [("sent" if "?replies=sent" in url else "limited") for url in answers] == ["sent"] * 5 + ["limited"] * 2
        assert Comment.objects.count() == 7
        assert "can’t email you right now" in Client().get(answers[-1]).text

    @pytest.mark.parametrize("token", ["", "nonsense", "MQ:1uXnSI:abc"])
    def test_made_up_token_is_404(self, token: str, link: ShareLink) -> None:
        page = reverse("share_replies_confirm", args=[link.token])

        assert Client().get(page, {"t": token}).status_code == 404
        assert Client().post(f"{page}?t={token}").status_code == 404

    def test_token_of_another_link_confirms_nothing(self, guest: Client, link: ShareLink, maria: User) -> None:
        other = ShareLink.objects.create(video=link.video, created_by=maria)
        replies.mail_confirmation(subscription().pk)
        page = address_in(mail.outbox[0].body, "confirm").replace(link.token, other.token)

        assert Client().post(page).status_code == 404
        assert subscription().confirmed_at is None


class TestMails:
    def test_new_replies_come_in_one_mail_with_their_text(self, guest: Client, link: ShareLink, maria: User) -> None:
        confirmed()
        reply(link, maria)
        reply(link, maria, "See https://evil.example/x for more.")

        assert replies.mail_replies() == 1
        assert replies.mail_replies() == 0
        [message] = mail.outbox
        assert message.subject == "New reply to your comment: Launch"
        assert "Thank you, it is mended." in message.body
        assert "https://evil.example" not in message.body, "no live link that a stranger wrote"
        assert f"{link.public_url}#comment-" in message.body

    @pytest.mark.parametrize("rules", [{"password_hash": "md5$x$y"}, {"view_limit": 3}, {"email_rule": "any"}])
    def test_gated_links_mail_holds_nothing_that_the_gate_protects(
        self, rules: dict[str, Any], guest: Client, link: ShareLink, maria: User
    ) -> None:
        ShareLink.objects.update(**rules)
        confirmed()
        reply(link, maria)

        replies.mail_replies()

        [message] = mail.outbox
        assert not [word for word in ("Launch", "mended", "Maria") if word in message.subject + message.body]

    def test_nothing_is_mailed_unless_confirmed(self, guest: Client, link: ShareLink, maria: User) -> None:
        reply(link, maria)

        assert replies.mail_replies() == 0

    @pytest.mark.parametrize("change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now()}])
    def test_nothing_is_mailed_while_the_link_is_off(
        self, change: dict[str, Any], guest: Client, link: ShareLink, maria: User
    ) -> None:
        confirmed()
        reply(link, maria)
        ShareLink.objects.update(**change)

        assert replies.mail_replies() == 0

    def test_nothing_is_mailed_while_the_video_is_in_the_trash(
        self, guest: Client, link: ShareLink, maria: User
    ) -> None:
        confirmed()
        reply(link, maria)
        Video.objects.update(trashed_at=timezone.now())
        assert replies.mail_replies() == 0

        Video.objects.update(trashed_at=None)
        assert replies.mail_replies() == 1

    def test_own_and_deleted_replies_are_not_mailed(self, guest: Client, link: ShareLink, maria: User) -> None:
        thread = confirmed().thread
        comment(guest, link, comment="I meant the year.", answers=thread.pk)
        Comment.objects.filter(pk=reply(link, maria).pk).update(deleted_at=timezone.now())

        assert replies.mail_replies() == 0

    def test_next_mail_about_a_thread_waits_for_a_pause(self, guest: Client, link: ShareLink, maria: User) -> None:
        confirmed()
        reply(link, maria)
        replies.mail_replies()
        reply(link, maria, "And the logo is larger.")

        assert replies.mail_replies() == 0
        ReplySubscription.objects.update(mailed_at=timezone.now() - replies.PAUSE - timedelta(seconds=1))
        assert replies.mail_replies() == 1
        assert "mended" not in mail.outbox[1].body

    def test_replies_are_mailed_again_after_the_mail_server_refused(
        self, guest: Client, link: ShareLink, maria: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        confirmed()
        reply(link, maria)
        with monkeypatch.context() as patched:
            patched.setattr("django.core.mail.EmailMessage.send", refuse)
            assert replies.mail_replies() == 0

        ReplySubscription.objects.update(mailed_at=None)
        assert replies.mail_replies() == 1

    def test_of_two_workers_one_mails(self, guest: Client, link: ShareLink, maria: User) -> None:
        confirmed()
        last = reply(link, maria).pk
        first, second = subscription(), subscription()

        assert (first.claim(last), second.claim(last)) == (True, False)

    def test_mail_is_in_the_language_of_the_page(self, link: ShareLink, maria: User) -> None:
        given = {"name": "Ada", "comment": "Falsch.", "email": ADA}
        Client().post(reverse("share_comment", args=[link.token]), given, headers={"Accept-Language": "de"})
        confirmed()
        reply(link, maria)

        replies.mail_replies()

        assert "Neue Antwort" in mail.outbox[0].subject


class TestStopping:
    def test_one_click_of_a_mail_program_erases_the_address(self, guest: Client, link: ShareLink, maria: User) -> None:
        confirmed()
        reply(link, maria)
        replies.mail_replies()
        header = mail.outbox[0].extra_headers["List-Unsubscribe"]
        page = address_in(header.strip("<>"), "stop")

        assert "Stop replies by email?" in Client().get(page).text
        assert subscription()
        assert Client().post(page, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not ReplySubscription.objects.exists()
        assert Client().get(page).status_code == 200, "twice is as good as once"

    def test_it_works_after_the_link_was_revoked(self, guest: Client, link: ShareLink) -> None:
        replies.mail_confirmation(subscription().pk)
        ShareLink.objects.update(revoked_at=timezone.now())

        Client().post(address_in(mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>"), "stop"))

        assert not ReplySubscription.objects.exists()

    @pytest.mark.parametrize(
        ("age", "is_confirmed", "is_kept"),
        [(6, False, True), (8, False, False), (364, True, True), (366, True, False)],
    )
    def test_old_addresses_are_erased(self, age: int, is_confirmed: bool, is_kept: bool, guest: Client) -> None:
        now = timezone.now()
        ReplySubscription.objects.update(
            created_at=now - timedelta(days=age), confirmed_at=now if is_confirmed else None
        )

        replies.forget_old()

        assert ReplySubscription.objects.exists() is is_kept


class TestAddress:
    def test_it_is_not_kept_with_the_comment(self, guest: Client) -> None:
        assert Comment.objects.get().email == ""

    def test_invalid_one_is_refused_and_the_comment_kept(self, link: ShareLink) -> None:
        refused = comment(Client(), link, email="ada@")

        assert refused.status_code == 422
        assert "The date is wrong." in refused.text
        assert not Comment.objects.exists()

    def test_it_is_not_asked_for_on_a_server_without_mail(self, link: ShareLink, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

        assert 'name="email"' not in Client().get(link.get_absolute_url()).text


def refuse(*args: Any, **options: Any) -> None:
    raise OSError("the mail server is away")
