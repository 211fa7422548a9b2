"""What is mailed, when, how often, and in which words."""

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
    """The clock, which a test can move: `at.shift(timedelta(…))`."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def subjects() -> list[str]:
    return [message.subject for message in mail.outbox]


def prefer(person: User, kind: Kind, cadence: Cadence) -> None:
    Preference.objects.update_or_create(user=person, kind=kind, defaults={"mail": cadence})


class TestAtOnce:
    def test_one_event_is_one_mail_and_is_never_mailed_again(self, at: Any, told: Told) -> None:
        told(data={"name": "Ada"})

        deliver()
        deliver()
        at.shift(timedelta(days=2))
        deliver()

        assert subjects() == ["Ada approved “Launch”"]

    def test_a_thousand_comments_are_one_line(self, at: Any, told: Told, maria: User, workspace: Workspace) -> None:
        for _ in range(1000):
            told(kind=Kind.CHANGES_REQUESTED)

        deliver()

        [message] = mail.outbox
        assert message.subject == "1000 requests for changes to “Launch”"
        assert message.body.count("Launch") == 1

    def test_different_things_go_into_one_mail(self, at: Any, told: Told) -> None:
        told(kind=Kind.APPROVED)
        told(kind=Kind.CHANGES_REQUESTED, data={"reason": "Too long"})

        deliver()

        [message] = mail.outbox
        assert message.subject == "2 updates in Acme"
        assert "Ada approved “Launch”" in message.body
        assert "Reason: Too long" in message.body

    def test_beyond_the_mails_of_an_hour_the_rest_waits_and_goes_together(self, at: Any, told: Told) -> None:
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
    def test_what_was_dealt_with_in_the_app_is_not_mailed(self, act: Any, at: Any, told: Told) -> None:
        act(told())

        deliver()

        assert not mail.outbox

    def test_what_was_read_while_the_mail_server_was_away_is_not_mailed(
        self, at: Any, told: Told, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        notice = told()
        collect(delivery.time.monotonic() + 10)
        actions.mark_read(notice)

        deliver()

        assert not mail.outbox
        assert not Letter.objects.exclude(next_attempt_at=None).exists()


class TestWhoMaySee:
    def test_former_members_hear_nothing(self, at: Any, told: Told, erik: User, workspace: Workspace) -> None:
        told(erik)
        workspace.memberships.get(user=erik).leave()

        deliver()

        assert not mail.outbox

    def test_nothing_is_mailed_about_a_video_that_is_gone(self, at: Any, told: Told, video: Video) -> None:
        told()
        video.record_deleted()

        deliver()

        assert not mail.outbox

    def test_deactivated_people_hear_nothing(self, at: Any, told: Told, erik: User) -> None:
        told(erik)
        User.objects.filter(pk=erik.pk).update(is_active=False)

        deliver()

        assert not mail.outbox

    def test_muted_things_are_not_mailed(self, at: Any, told: Told, maria: User) -> None:
        notice = told()
        actions.mute(notice)

        deliver()

        assert not mail.outbox


class TestDigests:
    def test_calm_news_waits_for_the_morning_of_its_reader(
        self, at: Any, told: Told, maria: User, video: Video
    ) -> None:
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

    def test_what_was_read_before_the_digest_is_left_out(self, at: Any, told: Told) -> None:
        read, unread = told(kind=Kind.VIDEO_READY), told(kind=Kind.VISITS, data={"views": 1})
        deliver()
        actions.mark_read(read)
        at.shift(timedelta(days=1))

        deliver()

        [message] = mail.outbox
        assert "is ready" not in message.body
        assert message.subject == "1 view of “Launch”"
        assert unread.subject_key

    def test_weekly_digest_comes_on_monday_with_all_of_it(self, at: Any, told: Told, maria: User) -> None:
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

    def test_a_new_choice_applies_to_what_waits(self, at: Any, told: Told, maria: User) -> None:
        told(kind=Kind.VIDEO_READY)
        deliver()
        chosen = {Kind.VIDEO_READY: {"mail": Cadence.NOW, "in_app": True, "in_browser": True}}
        actions.choose(actions.Actor(user=maria), maria, chosen, language="en", time_zone="")

        deliver()

        assert subjects() == ["“Launch” is ready"]

    def test_what_is_off_is_not_mailed(self, at: Any, told: Told, maria: User) -> None:
        prefer(maria, Kind.APPROVED, Cadence.OFF)
        notice = told()

        deliver()

        notice.refresh_from_db()
        assert not mail.outbox
        assert notice.mail_due_at is None


class TestMailServerIsAway:
    @pytest.fixture
    def broken(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception | None], None]:
        """`broken(error)`: the mail server answers with this error from now on; None mends it."""
        send = EmailBackend.send_messages

        def break_with(error: Exception | None) -> None:
            def fail(self: EmailBackend, messages: Any) -> Any:
                if error:
                    raise error
                return send(self, messages)

            monkeypatch.setattr(EmailBackend, "send_messages", fail)

        return break_with

    @pytest.mark.parametrize("error", [ConnectionRefusedError(), TimeoutError(), SMTPException("busy")], ids=repr)
    def test_letters_are_kept_and_tried_less_and_less_often(
        self, error: Exception, at: Any, told: Told, broken: Any
    ) -> None:
        broken(error)
        told()

        for _ in range(60 * 24):
            deliver()
            at.shift(timedelta(minutes=1))

        letter = Letter.objects.get()
        assert 20 <= letter.attempts <= 32, "a day of minutes, at most one attempt an hour in the end"
        broken(None)
        at.shift(timedelta(hours=1))
        deliver()
        assert subjects() == ["Ada approved “Launch”"]

    def test_an_outage_costs_one_attempt_a_run_however_many_wait(
        self, at: Any, told: Told, erik: User, maria: User, broken: Any
    ) -> None:
        broken(ConnectionRefusedError())
        told(maria), told(erik)

        deliver()

        assert sorted(Letter.objects.values_list("attempts", flat=True)) == [0, 1]

    def test_a_mailbox_that_refuses_does_not_keep_others_waiting(
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

    def test_a_process_that_died_is_replaced_under_the_same_message_id(self, at: Any, told: Told) -> None:
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

    def test_only_one_of_two_workers_can_claim_a_letter(self, at: Any, told: Told) -> None:
        told()
        collect(delivery.time.monotonic() + 10)
        letter = Letter.objects.get()

        assert [letter.claim(), Letter.objects.get().claim()] == [True, False]

    def test_without_a_mail_server_nothing_is_kept_to_be_mailed(self, at: Any, told: Told, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        told()

        deliver()

        assert not Notice.objects.exclude(mail_due_at=None).exists()
        assert not Letter.objects.exists()


class TestWords:
    def test_mail_is_in_the_language_of_its_reader(self, at: Any, told: Told, maria: User) -> None:
        User.objects.filter(pk=maria.pk).update(language="de", time_zone="Europe/Berlin")
        told(kind=Kind.APPROVAL_ASKED, data={"due": "2026-12-01T23:30:00+00:00"})

        deliver()

        [message] = mail.outbox
        assert message.subject == "Ihre Freigabe wird gebraucht: Launch"
        assert "2. Dezember 2026" in message.body, "there it is past midnight"

    def test_what_strangers_wrote_is_escaped_and_holds_no_link(self, at: Any, told: Told) -> None:
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

    def test_no_name_can_add_a_header(self, at: Any, told: Told) -> None:
        told(data={"name": "Eve\r\nBcc: all@example.com"})

        deliver()

        assert subjects() == ["Eve Bcc: all@\u200bexample.\u200bcom approved “Launch”"]

    def test_mail_can_be_stopped_with_one_click_and_says_it_is_automatic(self, at: Any, told: Told) -> None:
        told()

        deliver()

        headers = mail.outbox[0].extra_headers
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Unsubscribe"].startswith("<http://")
        assert headers["Auto-Submitted"] == "auto-generated"

    @pytest.mark.parametrize("kind", Kind)
    def test_every_kind_has_words_in_every_language(
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


def test_a_person_costs_few_statements_however_many_notices(
    at: Any, told: Told, django_assert_max_num_queries: Any
) -> None:
    for _ in range(100):
        told()

    with django_assert_max_num_queries(35):
        deliver()


def test_mute_belongs_to_one_person(at: Any, told: Told, maria: User, erik: User) -> None:
    actions.mute(told(maria))
    told(erik)

    deliver()

    assert [message.to for message in mail.outbox] == [["erik@example.com"]]
    assert Mute.objects.count() == 1
    assert timezone.now() == NOW
