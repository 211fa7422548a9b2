"""Hand a share link to people: by mail and what became of it, as a QR code, in another site's page."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.sharing import deliveries
from tavusweb.sharing.actions import sending
from tavusweb.sharing.models import Delivery, ShareLink
from tavusweb.sharing.models.delivery import DeliveryState
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Top secret launch", hosted_url="https://tavus.video/v1")


@pytest.fixture
def link(video: Video, maria: User) -> ShareLink:
    return ShareLink.objects.create(video=video, created_by=maria)


def page_of(link: ShareLink) -> str:
    return reverse("share_link_send", args=["acme", link.pk])


def deliver_all() -> None:
    for delivery in Delivery.objects.order_by("pk"):
        deliveries.deliver(delivery.pk)


class TestMail:
    def test_each_address_gets_its_own_mail_with_a_delivery_status(self, link: ShareLink, as_maria: Client) -> None:
        given = {"recipients": "ada@example.com\nbob@example.com", "mail_note": "Have a look.", "language": "en"}
        answer = as_maria.post(page_of(link), given, follow=True)
        assert "2 emails are on their way." in answer.text
        assert answer.text.count('data-delivery="waiting"') == 2

        deliver_all()

        assert [message.to for message in mail.outbox] == [["ada@example.com"], ["bob@example.com"]]
        first = mail.outbox[0]
        assert first.subject == "Maria shared a video with you: Top secret launch"
        assert first.reply_to == ["maria@example.com"]
        assert link.public_url in first.body
        assert "Have a look." in first.body
        assert as_maria.get(page_of(link)).text.count('data-delivery="sent"') == 2

    def test_gated_links_mail_omits_the_title(self, link: ShareLink, as_maria: Client) -> None:
        link.put_password("open sesame")
        link.save()
        as_maria.post(page_of(link), {"recipients": "ada@example.com"})

        deliver_all()

        assert "secret" not in mail.outbox[0].subject + mail.outbox[0].body
        assert "The sender will tell you the password." in mail.outbox[0].body

    @pytest.mark.parametrize(
        ("language", "words"),
        [("de", "Sie brauchen kein Konto."), ("fr", "Vous n’avez pas besoin"), ("es", "No necesita")],
    )
    def test_mail_is_in_the_chosen_language(self, language: str, words: str, link: ShareLink, as_maria: Client) -> None:
        as_maria.post(page_of(link), {"recipients": "ada@example.com", "language": language})

        deliver_all()

        assert words in mail.outbox[0].body

    def test_mail_server_rejection_is_shown_on_the_page(
        self, link: ShareLink, as_maria: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: Any, **kwargs: Any) -> None:
            raise OSError("No route to host")

        as_maria.post(page_of(link), {"recipients": "ada@example.com"})
        monkeypatch.setattr(deliveries.EmailMessage, "send", refuse)

        deliver_all()

        assert "Could not be sent" in as_maria.get(page_of(link)).text

    def test_two_workers_send_one_mail(self, link: ShareLink, as_maria: Client) -> None:
        as_maria.post(page_of(link), {"recipients": "ada@example.com"})

        deliver_all()
        deliver_all()

        assert len(mail.outbox) == 1

    def test_link_revoked_meanwhile_is_not_sent(self, link: ShareLink, as_maria: Client, maria: User) -> None:
        as_maria.post(page_of(link), {"recipients": "ada@example.com"})
        link.revoke(by=maria)

        deliver_all()

        assert not mail.outbox
        assert Delivery.objects.get().state == DeliveryState.FAILED
        assert as_maria.post(page_of(link), {"recipients": "bob@example.com"}).status_code == 422

    def test_unclaimed_mail_is_requeued_and_a_lost_one_fails(
        self, link: ShareLink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[int] = []
        monkeypatch.setattr(deliveries, "async_task", lambda name, pk, **options: asked.append(pk))
        ago = timezone.now() - timedelta(hours=2)
        left = Delivery.objects.create(link=link, email="a@example.com", state_at=ago)
        Delivery.objects.create(link=link, email="b@example.com")
        lost = Delivery.objects.create(link=link, email="c@example.com", state="sending", state_at=ago)

        deliveries.settle()
        deliveries.settle()

        assert asked == [left.pk]
        lost.refresh_from_db()
        assert lost.state == DeliveryState.FAILED

    def test_daily_mail_limit_is_enforced(
        self, link: ShareLink, as_maria: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sending, "MOST_A_DAY", 2)

        answers = [
            as_maria.post(page_of(link), {"recipients": f"a{number}@example.com"}).status_code for number in range(3)
        ]

        assert answers == [302, 302, 422]
        assert Delivery.objects.count() == 2

    @pytest.mark.parametrize(
        ("recipients", "words"),
        [
            ("", "Enter at least one recipient."),
            ("Ada", "has no email address"),
            ("ada@", "isn’t an email address"),
            ("\n".join(f"a{number}@example.com" for number in range(51)), "Use at most 50 addresses."),
        ],
    )
    def test_invalid_list_is_a_field_error(
        self, recipients: str, words: str, link: ShareLink, as_maria: Client
    ) -> None:
        page = as_maria.post(page_of(link), {"recipients": recipients})

        assert page.status_code == 422
        assert words in page.text
        assert not Delivery.objects.exists()

    def test_page_offers_alternatives_without_mail(self, link: ShareLink, as_maria: Client, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

        page = as_maria.get(page_of(link)).text

        assert "This server can’t send email." in page
        assert "mailto:?subject=Top%20secret%20launch&amp;body=" in page
        as_maria.post(page_of(link), {"recipients": "ada@example.com"})
        assert not Delivery.objects.exists()


class TestCode:
    def test_qr_code_is_shown_and_downloadable(self, link: ShareLink, as_maria: Client) -> None:
        url = reverse("share_link_qr", args=["acme", link.pk])

        shown, saved = as_maria.get(url), as_maria.get(url, {"download": "1"})

        assert shown["Content-Type"] == "image/svg+xml"
        assert ET.fromstring(shown.content).tag.endswith("svg")
        assert "Content-Disposition" not in shown
        assert saved["Content-Disposition"].startswith("attachment")
        assert b"style=" not in shown.content

    def test_embed_code_lists_the_allowed_sites(self, link: ShareLink, as_maria: Client) -> None:
        assert "Add allowed sites" in as_maria.get(page_of(link)).text
        link.embed_sites = "https://blog.example"
        link.save()

        page = as_maria.get(page_of(link)).text

        assert "Works on https://blog.example only." in page
        assert f"&lt;iframe src=&quot;{link.public_url}embed/&quot;" in page
