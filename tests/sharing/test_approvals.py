"""Approvals on the public page: counted, taken back by whoever gave them, and reminded of once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.notify.models import Notice
from tavusweb.reviews import actions
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import ApprovalRequest, Verdict
from tavusweb.sharing.models import ShareLink
from tavusweb.sharing.reminders import remind_reviewers
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.accounts.conftest import fresh_limits  # noqa: F401


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Launch", tavus_id="v1", hosted_url="https://tavus.video/v1")


@pytest.fixture
def link(video: Video, maria: User) -> ShareLink:
    return ShareLink.objects.create(video=video, created_by=maria, approval=True)


def post(client: Client, route: str, link: ShareLink, **fields: Any) -> Any:
    return client.post(reverse(route, args=[link.token]), fields)


def approve(client: Client, link: ShareLink, name: str = "Ada") -> Any:
    shown = fingerprint_of(Video.objects.get(pk=link.video_id))
    return post(client, "share_approve", link, name=name, shown=shown, confirmed="on")


def page(client: Client, link: ShareLink) -> str:
    return client.get(link.get_absolute_url()).text


def test_page_counts_approvals_until_complete(link: ShareLink, video: Video, maria: User) -> None:
    actions.ask_for_approvals(Actor(maria), video, needed=2, due_at=timezone.now() + timedelta(days=3))
    approve(Client(), link)

    shown = page(Client(), link)
    assert "1 of 2 approved" in shown
    assert "due on" in shown
    assert 'data-approval="none"' in shown
    approve(Client(), link, "Bob")

    assert 'data-approval="approved"' in page(Client(), link)


def test_confirmation_names_title_and_take(link: ShareLink, video: Video) -> None:
    asked = post(Client(), "share_approve", link, name="Ada", shown=fingerprint_of(video))

    assert "Launch" in asked.text
    assert "Take of" in asked.text


@pytest.mark.parametrize("decision", ["approve", "changes"])
def test_only_the_decider_can_withdraw_a_decision(decision: str, link: ShareLink) -> None:
    guest, other = Client(), Client()
    shown = fingerprint_of(Video.objects.get(pk=link.video_id))
    fields = {"name": "Ada", "shown": shown, "confirmed": "on", "reason": "Dates"}
    post(guest, f"share_{decision}", link, **fields)
    assert "Take back" in page(guest, link)
    assert "Take back" not in page(other, link)
    post(other, "share_withdraw", link)
    assert 'data-approval="none"' not in page(other, link)

    answers = [post(guest, "share_withdraw", link) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [f"{link.get_absolute_url()}#approval"] * 2
    assert 'data-approval="none"' in page(other, link)
    assert "Take back" not in page(guest, link)
    assert Verdict.objects.exclude(withdrawn_at=None).count() == 1


def test_approve_is_offered_again_only_after_withdrawal_or_a_change(link: ShareLink, video: Video) -> None:
    ada, button = Client(), f'action="{reverse("share_approve", args=[link.token])}"'
    approve(ada, link)

    assert button not in page(ada, link)
    assert button in page(Client(), link), "others can still approve"
    post(ada, "share_withdraw", link)
    assert button in page(ada, link)
    approve(ada, link)
    Video.objects.filter(pk=video.pk).update(script="Changed")
    assert button in page(ada, link), "the approval was about something else"


def test_double_click_approves_once(link: ShareLink) -> None:
    guest = Client()

    for _ in range(3):
        approve(guest, link)

    assert Verdict.objects.count() == 1


class TestReminder:
    @pytest.fixture
    def asked(self, video: Video, maria: User, erik: User) -> ApprovalRequest:
        addresses = ["ada@example.com", "erik@example.com"]
        due = timezone.now() + timedelta(hours=20)
        return actions.ask_for_approvals(Actor(maria), video, needed=2, addresses=addresses, due_at=due)

    def test_pending_reviewers_are_reminded_once(self, asked: ApprovalRequest, link: ShareLink, erik: User) -> None:
        assert [remind_reviewers() for _ in range(3)] == [1, 0, 0]

        [message] = mail.outbox
        assert message.to == ["ada@example.com"]
        assert link.public_url in message.body
        assert [row.recipient for row in Notice.objects.filter(kind="approval_due")] == [erik]

    def test_outside_reviewers_are_mailed_in_the_language_of_the_person_who_asked(
        self, asked: ApprovalRequest, link: ShareLink, maria: User
    ) -> None:
        maria.language = "de"
        maria.save()

        remind_reviewers()

        [message] = mail.outbox
        assert message.subject.startswith("Ihre Freigabe steht aus")
        assert "Sie werden nur einmal erinnert" in message.body

    @pytest.mark.parametrize(
        "reason", ["not yet", "too late", "no date", "not ready", "approved", "being deleted", "changes requested"]
    )
    def test_no_reminder_when_no_approval_is_due(
        self, reason: str, asked: ApprovalRequest, link: ShareLink, video: Video, maria: User
    ) -> None:
        now = timezone.now()
        match reason:
            case "not yet":
                ApprovalRequest.objects.update(due_at=now + timedelta(days=2))
            case "too late":
                ApprovalRequest.objects.update(due_at=now - timedelta(minutes=1))
            case "no date":
                ApprovalRequest.objects.update(due_at=None)
            case "not ready":
                Video.objects.update(status=Status.GENERATING)
            case "being deleted":
                Video.objects.update(wants_delete="hard")
            case "approved":
                ApprovalRequest.objects.update(reviewers=[], needed=1)
                approve(Client(), link)
            case "changes requested":
                post(Client(), "share_changes", link, name="Ada", shown=fingerprint_of(video), reason="Dates")

        assert remind_reviewers() == 0
        assert not mail.outbox
        assert not Notice.objects.filter(kind="approval_due").exists()

    def test_outside_reviewers_get_no_mail_without_a_link(self, asked: ApprovalRequest) -> None:
        assert remind_reviewers() == 1
        assert not mail.outbox

    def test_new_due_date_triggers_a_new_reminder(
        self, asked: ApprovalRequest, link: ShareLink, video: Video, maria: User
    ) -> None:
        remind_reviewers()
        due = timezone.now() + timedelta(hours=22)

        actions.ask_for_approvals(
            Actor(maria), video, needed=2, addresses=["ada@example.com", "bob@example.com"], due_at=due
        )

        assert remind_reviewers() == 1


def test_certificate_names_the_time_zone(link: ShareLink) -> None:
    ada = Client()
    approve(ada, link)

    certificate = ada.get(reverse("share_certificate", args=[link.token])).text

    assert re.search(r"<time [^>]+>[^<]+ UTC</time>", certificate)


def test_certificate_is_shown_only_to_its_approver(link: ShareLink) -> None:
    guest, other = Client(), Client()
    approve(guest, link)
    approve(other, link, "Bob")
    address = reverse("share_certificate", args=[link.token])
    assert address in page(guest, link)

    shown, served = guest.get(address), guest.get(reverse("share_certificate_file", args=[link.token]))

    assert "Certificate of approval" in shown.text
    assert ("Ada" in shown.text, "Bob" in shown.text) == (True, False)
    assert served.content.decode() == Verdict.objects.get(name="Ada").certificate.text
    assert Client().get(address).status_code == 404
    post(guest, "share_withdraw", link)
    assert guest.get(address).status_code == 404
