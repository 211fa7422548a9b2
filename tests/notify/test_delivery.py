"""Delivery: which notices are mailed, when, how often and how worded."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.notify import actions, delivery
from tavusweb.notify.delivery import MOST_PER_HOUR, collect, deliver
from tavusweb.notify.kinds import Cadence, Kind
from tavusweb.notify.models import Letter, Mute, Notice, Preference
from tavusweb.videos.models import Video
from tavusweb.workspaces.models import Workspace
from tests.notify.conftest import Told

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)  # a Friday


@pytest.fixture
def at() -> Any:
    """A clock that tests can move: `at.shift(timedelta(…))`."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def subjects() -> list[str]:
    return [message.subject for message in mail.outbox]


def prefer(person: User, kind: Kind, cadence: Cadence) -> None:
    Preference.objects.update_or_create(user=person, kind=kind, defaults={"mail": cadence})


class TestAtOnce:
    def test_event_is_mailed_exactly_once(self, at: Any, told: Told) -> None:
        told(data={"name": "Ada"})

        deliver()
        deliver()
        at.shift(timedelta(days=2))
        deliver()

        assert subjects() == ["Ada approved “Launch”"]

    @pytest.mark.thorough
    def test_thousand_comments_are_summed_up_in_one_line(
        self, at: Any, told: Told, maria: User, workspace: Workspace
    ) -> None:
        for _ in range(1000):
            told(kind=Kind.CHANGES_REQUESTED)

        deliver()

        [message] = mail.outbox
        assert message.subject == "1000 requests for changes to “Launch”"
        assert message.body.count("Launch") == 1

    def test_notices_about_several_objects_share_one_mail(self, at: Any, told: Told) -> None:
        told(kind=Kind.APPROVED)
        told(kind=Kind.CHANGES_REQUESTED, data={"reason": "Too long"})

        deliver()

        [message] = mail.outbox
        assert message.subject == "2 updates in Acme"
        assert "Ada approved “Launch”" in message.body
        assert "Reason: Too long" in message.body

    def test_notices_over_the_hourly_limit_wait_and_share_one_mail(self, at: Any, told: Told) -> None:
        for _ in range(MOST_PER_HOUR + 5):
            told()
            deliver()
            at.shift(timedelta(minutes=1))
        within_the_hour = len(mail.outbox)
        at.shift(timedelta(hours=1))
        deliver()

        assert (within_the_hour, len(mail.outbox)) == (MOST_PER_HOUR, MOST_PER_HOUR + 1)
        assert subjects()[-1] == "5 approvals of “Launch”"

    @pytest.mark.parametrize("act", [actions.mark_read, actions.close, actions.delete])
    def test_notices_handled_in_the_app_are_not_mailed(self, act: Any, at: Any, told: Told) -> None:
        act(told())

        deliver()

        assert not mail.outbox

    def test_notices_read_during_a_mail_outage_are_not_mailed(
        self, at: Any, told: Told, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        notice = told()
        collect(delivery.time.monotonic() + 10)
        actions.mark_read(notice)

        deliver()

        assert not mail.outbox
        assert not Letter.objects.exclude(next_attempt_at=None).exists()


class TestWhoMaySee:
    def test_former_members_get_no_mail(self, at: Any, told: Told, erik: User, workspace: Workspace) -> None:
        told(erik)
        workspace.memberships.get(user=erik).leave()

        deliver()

        assert not mail.outbox

    def test_deleted_video_is_not_mailed_about(self, at: Any, told: Told, video: Video) -> None:
        told()
        video.record_deleted()

        deliver()

        assert not mail.outbox

    def test_deactivated_accounts_get_no_mail(self, at: Any, told: Told, erik: User) -> None:
        told(erik)
        User.objects.filter(pk=erik.pk).update(is_active=False)

        deliver()

        assert not mail.outbox

    def test_muted_objects_are_not_mailed_about(self, at: Any, told: Told, maria: User) -> None:
        notice = told()
        actions.mute(notice)

        deliver()

        assert not mail.outbox


class TestDigests:
    def test_digest_waits_for_the_recipients_morning(self, at: Any, told: Told, maria: User, video: Video) -> None:
        User.objects.filter(pk=maria.pk).update(time_zone="America/New_York")
        told(kind=Kind.VIDEO_READY)
        told(kind=Kind.VISITS, data={"views": 3})

        deliver()
        at.move_to(datetime(2026, 11, 27, 12, 59, tzinfo=UTC))
        deliver()
        before = len(mail.outbox)
        at.move_to(datetime(2026, 11, 27, 13, 0, tzinfo=UTC))
        deliver()

        assert before == 0
        assert subjects() == ["Today: 2 updates"]
        assert "3 views of “Launch”" in mail.outbox[0].body

    def test_digest_leaves_out_notices_already_read(self, at: Any, told: Told) -> None:
        read, unread = told(kind=Kind.VIDEO_READY), told(kind=Kind.VISITS, data={"views": 1})
        deliver()
        actions.mark_read(read)
        at.shift(timedelta(days=1))

        deliver()

        [message] = mail.outbox
        assert "is ready" not in message.body
        assert message.subject == "1 view of “Launch”"
        assert unread.subject_key

    def test_weekly_digest_arrives_on_monday_with_the_whole_week(self, at: Any, told: Told, maria: User) -> None:
        prefer(maria, Kind.APPROVED, Cadence.WEEKLY)
        told()
        deliver()
        at.shift(timedelta(days=1))
        told(kind=Kind.APPROVED)
        deliver()
        before = len(mail.outbox)
        at.move_to(datetime(2026, 11, 30, 8, 0, tzinfo=UTC))
        deliver()

        assert before == 0
        assert subjects() == ["2 approvals of “Launch”"]

    def test_changed_preference_applies_to_waiting_notices(self, at: Any, told: Told, maria: User) -> None:
        told(kind=Kind.VIDEO_READY)
        deliver()
        chosen = {Kind.VIDEO_READY: {"mail": Cadence.NOW, "in_app": True, "in_browser": True}}
        actions.choose(actions.Actor(user=maria), maria, chosen, language="en", time_zone="")

        deliver()

        assert subjects() == ["“Launch” is ready"]

    def test_disabled_kinds_are_not_mailed(self, at: Any, told: Told, maria: User) -> None:
        prefer(maria, Kind.APPROVED, Cadence.OFF)
        notice = told()

        deliver()

        notice.refresh_from_db()
        assert not mail.outbox
        assert notice.mail_due_at is None


class TestMailServerIsAway:
    @pytest.fixture
    def broken(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception | None], None]:
        """`broken(error)` makes the mail server fail with this error; None restores it."""
        send = EmailBackend.send_messages

        def break_with(error: Exception | None) -> None:
            def fail(self: EmailBackend, messages: Any) -> Any:
                if error:
                    raise error
                return send(self, messages)

            monkeypatch.setattr(EmailBackend, "send_messages", fail)

        return break_with

    @pytest.mark.one_database
    @pytest.mark.parametrize("error", [ConnectionRefusedError(), TimeoutError(), SMTPException("busy")], ids=repr)
    def test_failed_mail_is_kept_and_retried_with_backoff(
        self, error: Exception, at: Any, told: Told, broken: Any
    ) -> None:
        broken(error)
        told()

        for _ in range(6 * 24):
            deliver()
            at.shift(timedelta(minutes=10))

        letter = Letter.objects.get()
        assert 20 <= letter.attempts <= 32, "over a day, at most one attempt an hour in the end"
        broken(None)
        at.shift(timedelta(hours=1))
        deliver()
        assert subjects() == ["Ada approved “Launch”"]

    def test_outage_costs_one_attempt_per_run(self, at: Any, told: Told, erik: User, maria: User, broken: Any) -> None:
        broken(ConnectionRefusedError())
        told(maria), told(erik)

        deliver()

        assert sorted(Letter.objects.values_list("attempts", flat=True)) == [0, 1]

    def test_rejected_recipient_does_not_block_others(
        self, at: Any, told: Told, erik: User, maria: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        send = EmailBackend.send_messages

        def refuse(self: EmailBackend, messages: Any) -> Any:
            if messages[0].to == ["maria@example.com"]:
                raise SMTPRecipientsRefused({})
            return send(self, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", refuse)
        told(maria), told(erik)

        for _ in range(10):
            deliver()
            at.shift(timedelta(hours=1))

        assert [message.to for message in mail.outbox] == [["erik@example.com"]]
        assert Letter.objects.get(recipient=maria).attempts == delivery.REFUSED_FOR_GOOD

    def test_crashed_delivery_is_resumed_with_the_same_message_id(self, at: Any, told: Told) -> None:
        told()
        collect(delivery.time.monotonic() + 10)
        letter = Letter.objects.get()
        assert letter.claim(), "by the process that dies"
        deliver()
        before = len(mail.outbox)
        at.shift(timedelta(minutes=3))

        deliver()

        assert before == 0
        [message] = mail.outbox
        assert str(letter.pk) in message.extra_headers["Message-ID"]

    def test_only_one_worker_can_claim_a_mail(self, at: Any, told: Told) -> None:
        told()
        collect(delivery.time.monotonic() + 10)
        letter = Letter.objects.get()

        assert [letter.claim(), Letter.objects.get().claim()] == [True, False]

    def test_nothing_is_queued_without_a_mail_server(self, at: Any, told: Told, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        told()

        deliver()

        assert not Notice.objects.exclude(mail_due_at=None).exists()
        assert not Letter.objects.exists()


class TestWords:
    def test_mail_is_in_the_recipients_language(self, at: Any, told: Told, maria: User) -> None:
        User.objects.filter(pk=maria.pk).update(language="de", time_zone="Europe/Berlin")
        told(kind=Kind.APPROVAL_ASKED, data={"due": "2026-12-01T23:30:00+00:00"})

        deliver()

        [message] = mail.outbox
        assert message.subject == "Ihre Freigabe wird gebraucht: Launch"
        assert "2. Dezember 2026" in message.body, "there it is past midnight"

    def test_guest_text_in_mail_is_escaped_and_not_linked(self, at: Any, told: Told) -> None:
        told(
            kind=Kind.CHANGES_REQUESTED,
            data={"name": "<b>Eve</b>", "reason": "see https://evil.example/x or a@evil.example"},
        )

        deliver()

        [message] = mail.outbox
        html = str(message.alternatives[0][0])
        assert "<b>" not in html
        assert "&lt;b&gt;Eve" in html
        for text in (message.body, html, message.subject):
            assert "evil.example" not in text

    def test_names_cannot_inject_mail_headers(self, at: Any, told: Told) -> None:
        told(data={"name": "Eve\r\nBcc: all@example.com"})

        deliver()

        assert subjects() == ["Eve Bcc: all@\u200bexample.\u200bcom approved “Launch”"]

    def test_mail_has_one_click_unsubscribe_and_auto_submitted_headers(self, at: Any, told: Told) -> None:
        told()

        deliver()

        headers = mail.outbox[0].extra_headers
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Unsubscribe"].startswith("<http://")
        assert headers["Auto-Submitted"] == "auto-generated"

    @pytest.mark.one_database
    @pytest.mark.parametrize("kind", Kind)
    def test_every_kind_is_translated_into_every_language(
        self, kind: Kind, settings: Any, at: Any, told: Told, maria: User
    ) -> None:
        lines = set()
        for language, _name in settings.LANGUAGES:
            User.objects.filter(pk=maria.pk).update(language=language)
            prefer(maria, kind, Cadence.NOW)
            told(kind=kind, about=f"thing:{language}", data={"link": "Customers", "due": "2026-12-01", "views": 2})
            deliver()
            lines.add(mail.outbox[-1].subject)
            assert "%(" not in mail.outbox[-1].body
            at.shift(timedelta(hours=2))

        assert len(lines) == len(settings.LANGUAGES)


def test_delivery_statement_count_is_independent_of_notices(
    at: Any, told: Told, django_assert_max_num_queries: Any
) -> None:
    for _ in range(100):
        told()

    with django_assert_max_num_queries(35):
        deliver()


def test_mute_applies_to_one_member_only(at: Any, told: Told, maria: User, erik: User) -> None:
    actions.mute(told(maria))
    told(erik)

    deliver()

    assert [message.to for message in mail.outbox] == [["erik@example.com"]]
    assert Mute.objects.count() == 1
    assert timezone.now() == NOW
