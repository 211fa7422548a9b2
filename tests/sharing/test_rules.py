"""What a link asks of a visitor, step by step, and what each step costs."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.sharing import codes, retention
from tavusweb.sharing.models import ShareLink, Visit
from tavusweb.sharing.visitor_policy import EmailRule
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.accounts.conftest import fresh_limits  # noqa: F401

PLAYER = b"<iframe"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Launch", hosted_url="https://tavus.video/v1", script="Hello.")


@pytest.fixture
def share(video: Video, maria: User) -> Any:
    def make(**rules: Any) -> ShareLink:
        password = rules.pop("password", "")
        link = ShareLink(video=video, created_by=maria, **rules)
        link.put_password(password)
        link.save()
        return link

    return make


def opens(client: Client, link: ShareLink) -> bool:
    return PLAYER in client.get(link.get_absolute_url()).content


def send(client: Client, link: ShareLink, **fields: str) -> Any:
    return client.post(link.get_absolute_url(), fields)


class TestViewLimit:
    def test_watch_uses_one_view_and_reloads_are_free(self, share: Any) -> None:
        link, visitor = share(view_limit=2), Client()
        assert b">Watch</button>" in visitor.get(link.get_absolute_url()).content

        send(visitor, link)

        assert all(opens(visitor, link) for _ in range(5))
        link.refresh_from_db()
        assert link.views_used == 1

    def test_used_up_link_opens_only_for_previous_viewers(self, share: Any) -> None:
        link, first, second = share(view_limit=1), Client(), Client()
        send(first, link)

        late = send(second, link)

        assert late.status_code == 302
        assert second.get(link.get_absolute_url()).status_code == 410
        assert b"used up" in second.get(link.get_absolute_url()).content
        assert opens(first, link)
        with time_machine.travel(timezone.now() + timedelta(hours=13)):
            assert not opens(first, link), "twelve hours of reloads"

    def test_scanners_use_no_view(self, share: Any) -> None:
        link = share(view_limit=1)
        for method in ("get", "head"):
            for _ in range(20):
                getattr(Client(), method)(link.get_absolute_url(), headers={"User-Agent": CHROME})

        link.refresh_from_db()
        assert (link.views_used, Visit.objects.count()) == (0, 0)

    def test_password_form_uses_the_view(self, share: Any) -> None:
        link, visitor = share(view_limit=1, password="open sesame"), Client()

        send(visitor, link, password="open sesame")

        link.refresh_from_db()
        assert opens(visitor, link)
        assert link.views_used == 1

    def test_wrong_password_uses_no_view(self, share: Any) -> None:
        link = share(view_limit=1, password="open sesame")

        send(Client(), link, password="wrong sesame")

        link.refresh_from_db()
        assert link.views_used == 0


class TestEnd:
    def test_expired_link_shows_only_that_it_expired(self, share: Any) -> None:
        link = share(expires_at=timezone.now() + timedelta(days=7))
        assert opens(Client(), link)

        with time_machine.travel(timezone.now() + timedelta(days=8)):
            page = Client().get(link.get_absolute_url())

        assert page.status_code == 410
        assert b"expired" in page.content
        assert b"Launch" not in page.content

    def test_restored_link_keeps_its_url(self, share: Any, as_maria: Client) -> None:
        link = share()
        as_maria.post(reverse("share_link_revoke", args=["acme", link.pk]))
        assert not opens(Client(), link)

        as_maria.post(reverse("share_link_restore", args=["acme", link.pk]))

        assert opens(Client(), link)


class TestEmail:
    def test_any_address_is_accepted_without_confirmation(self, share: Any) -> None:
        link, visitor = share(email_rule=EmailRule.ANY), Client()
        assert b"<title>Launch" not in visitor.get(link.get_absolute_url()).content

        assert send(visitor, link, email="not an address").status_code == 422
        send(visitor, link, email="Ada@Example.com")

        assert opens(visitor, link)

    def test_refused_address_gets_a_message(self, share: Any) -> None:
        link, visitor = share(email_rule=EmailRule.ANY, allowed_addresses="@acme.example"), Client()

        refused = send(visitor, link, email="eve@else.example")

        assert refused.status_code == 422
        assert "wasn’t shared with this address" in refused.text
        assert not opens(visitor, link)

    def test_emailed_code_works_once_and_for_this_browser(
        self, share: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        link, visitor = share(email_rule=EmailRule.CONFIRMED), Client()
        send(visitor, link, email="ada@example.com")
        codes.mail(link.pk, "ada@example.com", "en")
        [message] = mail.outbox
        code = message.subject.split()[-1]
        assert message.to == ["ada@example.com"]
        assert code in message.body
        assert not opens(visitor, link)

        assert send(visitor, link, code="000000" if code != "000000" else "111111").status_code == 422
        send(visitor, link, code=f" {code} ")

        assert opens(visitor, link)
        assert not opens(Client(), link)
        other = Client()
        send(other, link, email="ada@example.com")
        assert send(other, link, code=code).status_code == 422, "it works once"

    def test_codes_are_limited_in_attempts_and_number(self, share: Any) -> None:
        link, visitor = share(email_rule=EmailRule.CONFIRMED), Client()
        send(visitor, link, email="ada@example.com")
        for _ in range(6):
            assert send(visitor, link, code="xxxxxx").status_code == 422
        codes.mail(link.pk, "ada@example.com", "en")
        right = mail.outbox[0].subject.split()[-1]

        assert send(visitor, link, code=right).status_code == 422, "after five wrong ones even the right one is refused"
        sent = [send(Client(), link, email="ada@example.com").status_code for _ in range(6)]
        assert sent[-1] == 429

    def test_page_does_not_reveal_which_addresses_are_allowed(self, share: Any) -> None:
        link = share(email_rule=EmailRule.CONFIRMED, allowed_addresses="ada@acme.example")
        pages = []
        for email in ("ada@acme.example", "eve@acme.example"):
            visitor = Client()
            send(visitor, link, email=email)
            pages.append(visitor.get(link.get_absolute_url()).text.replace(email, "…"))
            codes.mail(link.pk, email, "en")

        assert pages[0] == pages[1]
        assert [message.to for message in mail.outbox] == [["ada@acme.example"]]

    def test_visitor_can_enter_another_address(self, share: Any) -> None:
        link, visitor = share(email_rule=EmailRule.CONFIRMED), Client()
        send(visitor, link, email="typo@example.com")

        send(visitor, link, restart="1")

        assert b'name="email"' in visitor.get(link.get_absolute_url()).content


class TestForm:
    def test_every_rule_is_saved_and_shown_again(self, as_maria: Client, video: Video) -> None:
        given = {
            "name": "For Ada",
            "note": "Please watch.",
            "expires": "30",
            "view_limit": "5",
            "password": "open sesame",
            "email_rule": "any",
            "allowed_addresses": "Ada@Example.com\n@acme.example",
            "comments": "named",
            "approval": "on",
            "allow_download": "on",
            "call_to_action": "Book a call",
            "call_to_action_url": "https://example.com/call",
            "embed_sites": "https://blog.example.com",
        }

        as_maria.post(reverse("share_link_create", args=["acme", video.pk]), given)

        link = ShareLink.objects.get()
        assert (link.name, link.view_limit, link.comments, link.approval) == ("For Ada", 5, "named", True)
        assert link.allowed_addresses == "ada@example.com\n@acme.example"
        assert link.sites == ["https://blog.example.com"]
        assert timedelta(days=29) < link.expires_at - timezone.now() <= timedelta(days=30)
        page = as_maria.get(reverse("share_link", args=["acme", link.pk])).text
        assert "For Ada" in page
        assert "open sesame" not in page

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"expires": "date"}, "Enter the date."),
            ({"expires": "date", "expiry_date": "2020-01-01"}, "Enter a date in the future."),
            ({"view_limit": "0"}, "greater than or equal to 1"),
            ({"email_rule": "any", "allowed_addresses": "nonsense"}, "neither an email address nor an @domain"),
            ({"allowed_addresses": "ada@example.com"}, "only checked when an email is required"),
            ({"call_to_action": "Book"}, "Enter the button’s URL."),
            ({"embed_sites": "https://*.example.com"}, "isn’t a site"),
            ({"embed_sites": "javascript:alert(1)"}, "isn’t a site"),
            ({"embed_sites": "https://a.example;script-src"}, "isn’t a site"),
        ],
    )
    def test_impossible_rule_is_reported_beside_its_field(
        self, given: dict[str, str], words: str, as_maria: Client, video: Video
    ) -> None:
        page = as_maria.post(reverse("share_link_create", args=["acme", video.pk]), given)

        assert page.status_code == 422
        assert words in page.text
        assert not ShareLink.objects.exists()

    def test_codes_need_a_server_that_sends_mail(self, as_maria: Client, video: Video, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

        page = as_maria.post(reverse("share_link_create", args=["acme", video.pk]), {"email_rule": "confirmed"})

        assert page.status_code == 422
        assert "can’t send email" in page.text

    def test_change_keeps_the_password_and_applies_immediately(self, share: Any, as_maria: Client) -> None:
        link, visitor = share(password="open sesame"), Client()
        send(visitor, link, password="open sesame")
        url = reverse("share_link", args=["acme", link.pk])

        as_maria.post(url, {"name": "New name", "expires": "never"})
        assert opens(visitor, link)
        as_maria.post(url, {"name": "New name", "expires": "never", "password": "another one"})

        assert not opens(visitor, link), "a new password throws everybody out"


class TestVisits:
    @pytest.mark.parametrize(("days", "left"), [(30, 1), (0, 2)])
    def test_visits_are_deleted_after_the_configured_days(
        self, days: int, left: int, share: Any, settings: Any
    ) -> None:
        settings.KEEP_VISITS_DAYS = days
        link, now = share(), timezone.now()
        for age in (29, 31):
            Visit.objects.create(link=link, number=f"{age:032x}", viewer="v", at=now - timedelta(days=age))

        retention.forget_old()

        assert Visit.objects.count() == left

    def tell(self, client: Client, link: ShareLink, event: str, number: str = "a" * 32, agent: str = CHROME) -> None:
        url = reverse("share_visit", args=[link.token])
        client.post(url, {"visit": number, "event": event}, headers={"User-Agent": agent})

    def row(self, as_maria: Client) -> str:
        return as_maria.get(reverse("shared_links", args=["acme"])).text

    def test_visit_and_its_events_are_counted_once(self, share: Any, as_maria: Client) -> None:
        link, visitor = share(), Client()

        for event in ("opened", "opened", "played", "50", "25", "clicked"):
            self.tell(visitor, link, event)

        visit = Visit.objects.get()
        assert (visit.furthest, bool(visit.played_at), bool(visit.clicked_at)) == (50, True, True)
        assert f'data-link="{link.pk}" data-views="1" data-plays="1"' in self.row(as_maria)

    @pytest.mark.parametrize(
        "agent", ["", "Googlebot/2.1 (+http://www.google.com/bot.html)", "Slackbot-LinkExpanding 1.0", "ms-office"]
    )
    def test_machines_are_recognised(self, agent: str, share: Any, as_maria: Client) -> None:
        link = share()

        self.tell(Client(), link, "opened", agent=agent)

        assert Visit.objects.get().is_machine
        assert 'data-views="0"' in self.row(as_maria)

    def test_members_do_not_count(self, share: Any, as_maria: Client) -> None:
        self.tell(as_maria, share(), "opened")

        assert 'data-views="0"' in self.row(as_maria)

    def test_stored_visit_does_not_identify_the_visitor(self, share: Any) -> None:
        self.tell(Client(REMOTE_ADDR="203.0.113.9"), share(), "opened")

        kept = str(Visit.objects.values())
        assert "203.0.113.9" not in kept
        assert "Chrome" not in kept

    def test_locked_link_counts_no_visit(self, share: Any) -> None:
        link = share(password="open sesame")

        self.tell(Client(), link, "opened")

        assert not Visit.objects.exists()

    def test_viewer_hash_is_stable_for_a_day(self, share: Any) -> None:
        link = share()
        for number in ("1" * 32, "2" * 32):
            self.tell(Client(), link, "opened", number)
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            self.tell(Client(), link, "opened", "3" * 32)

        first, second, next_day = Visit.objects.order_by("number").values_list("viewer", flat=True)
        assert first == second != next_day
