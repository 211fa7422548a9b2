"""A share link with a password: nothing before it is typed, not too many tries, and a cookie for this page alone."""

from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb import guesses
from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditEvent
from tavusweb.notify.delivery import deliver
from tavusweb.sharing import passes
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tests.accounts.conftest import fresh_limits  # noqa: F401

PASSWORD = "Open Sesame 7"
SECRETS = (b"Top secret", b"Maria", b"Acme", b"tavus.video/v1", b"<iframe")


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Top secret", hosted_url="https://tavus.video/v1")


@pytest.fixture
def link(video: Video, as_maria: Client) -> ShareLink:
    as_maria.post(reverse("share_link_create", args=["acme", video.pk]), {"password": PASSWORD})
    return ShareLink.objects.get()


@pytest.fixture
def stranger() -> Client:
    return Client()


def panel_url(link: ShareLink) -> str:
    return reverse("share_panel", args=[link.token])


def try_it(client: Client, link: ShareLink, password: str = PASSWORD, **sent: Any) -> Any:
    return client.post(link.get_absolute_url(), {"password": password}, **sent)


def is_open(client: Client, link: ShareLink) -> bool:
    frames = [b"<iframe" in client.get(url).content for url in (link.get_absolute_url(), panel_url(link))]
    assert len(set(frames)) == 1, "the page and its panel agree"
    return frames[0]


def test_locked_page_and_panel_reveal_nothing(link: ShareLink, stranger: Client) -> None:
    for response in (stranger.get(link.get_absolute_url()), stranger.get(panel_url(link))):
        assert response.status_code == 200
        assert b"This video is password protected" in response.content
        assert not [secret for secret in SECRETS if secret in response.content]
        assert not response.cookies
        assert response["Cache-Control"] == "private, no-store"


def test_password_unlocks_this_page_in_this_browser(link: ShareLink, stranger: Client) -> None:
    entered = try_it(stranger, link)

    cookie = entered.cookies[passes.COOKIE]
    assert (entered.status_code, entered["Location"]) == (302, link.get_absolute_url())
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (link.get_absolute_url(), True, "Lax")
    assert is_open(stranger, link)
    assert not is_open(Client(), link)


def test_cookie_is_secure_on_https(link: ShareLink, stranger: Client, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True

    assert try_it(stranger, link).cookies[passes.COOKIE]["secure"]


@pytest.mark.parametrize("typed", ["", "open sesame 7", "OpenSesame 7", "x" * 101, "\0", "'; --"])
def test_wrong_password_shows_an_error_and_is_not_echoed(typed: str, link: ShareLink, stranger: Client) -> None:
    response = try_it(stranger, link, typed)

    assert response.status_code == 422
    assert b'aria-invalid="true"' in response.content
    assert not typed or f'value="{typed}"' not in response.content.decode()
    assert not response.cookies
    assert not [secret for secret in SECRETS if secret in response.content]
    assert not is_open(stranger, link)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [("Café 2026!", "Cafe\u0301 2026!"), ("パスワード１２３", "パスワード123"), ("open sesame", " open\u00a0sesame")],
)
def test_password_works_in_every_unicode_form(stored: str, typed: str, video: Video, stranger: Client) -> None:
    link = ShareLink(video=video)
    link.put_password(stored)
    link.save()

    assert try_it(stranger, link, typed).status_code == 302


@pytest.mark.parametrize("typed", ["\u200b" * 9, "\u200babcdefg", " abcdefg "])
def test_invisible_characters_do_not_count_towards_the_length(
    typed: str, video: Video, as_maria: Client, workspace: Workspace
) -> None:
    as_maria.post(reverse("share_link_create", args=[workspace.slug, video.pk]), {"password": typed})

    assert [link.has_password for link in video.share_links.all()] in ([], [False])


def test_unlocking_expires(link: ShareLink, stranger: Client) -> None:
    try_it(stranger, link)

    with time_machine.travel(timezone.now() + passes.LASTS):
        assert not is_open(stranger, link)


def test_cookie_is_bound_to_the_link_and_its_password(link: ShareLink, video: Video, stranger: Client) -> None:
    other = ShareLink(video=video)
    other.put_password(PASSWORD)
    other.save()
    value = try_it(stranger, link).cookies[passes.COOKIE].value
    stranger.cookies.clear()
    stranger.cookies[passes.COOKIE] = value
    assert is_open(stranger, link)
    assert not is_open(stranger, other)

    link.put_password("another one 8")
    link.save()

    assert not is_open(stranger, link)


@pytest.mark.parametrize("made_up", ["", "x", "a:b:c", "\ud800"])
def test_forged_cookie_unlocks_nothing(made_up: str, link: ShareLink, stranger: Client) -> None:
    stranger.cookies[passes.COOKIE] = made_up.encode(errors="replace").decode()

    assert not is_open(stranger, link)


def test_revoking_closes_an_unlocked_page(link: ShareLink, stranger: Client, maria: User) -> None:
    try_it(stranger, link)

    link.revoke(by=maria)

    assert try_it(stranger, link).status_code == 302
    assert stranger.get(link.get_absolute_url()).status_code == 410


@pytest.mark.thorough
class TestLimits:
    def test_address_gets_ten_attempts(self, link: ShareLink, stranger: Client) -> None:
        codes = [try_it(Client(), link, "wrong-wrong").status_code for _ in range(11)]
        late = try_it(stranger, link)

        assert codes == [422] * 10 + [429]
        assert late.status_code == 429
        assert b"Too many attempts. Try again in 10 minutes." in late.content
        assert not is_open(stranger, link)
        assert try_it(Client(), link, REMOTE_ADDR="192.0.2.7").status_code == 302, "somebody elsewhere is not kept out"

    def test_waiting_time_is_true(self, link: ShareLink, stranger: Client) -> None:
        with time_machine.travel("2026-11-22 10:55:00Z", tick=False):
            for _ in range(10):
                try_it(Client(), link, "wrong-wrong")
        with time_machine.travel("2026-11-22 11:01:30Z", tick=False):
            told = try_it(Client(), link)
        with time_machine.travel("2026-11-22 11:04:00Z", tick=False):
            last = try_it(Client(), link)
        with time_machine.travel("2026-11-22 11:05:00Z", tick=False):
            then = try_it(Client(), link)

        assert "Try again in 4 minutes." in told.content.decode()
        assert told["Retry-After"] == "210"
        assert "Try again in 60 seconds." in last.content.decode()
        assert then.status_code == 302

    def test_right_passwords_do_not_count(self, link: ShareLink) -> None:
        assert {try_it(Client(), link).status_code for _ in range(12)} == {302}

    def test_addresses_of_one_ipv6_network_count_as_one(self, link: ShareLink) -> None:
        codes = [
            try_it(Client(), link, "wrong-wrong", REMOTE_ADDR=f"2001:db8::{number:x}").status_code
            for number in range(11)
        ]

        assert codes == [422] * 10 + [429]


@pytest.mark.thorough
class TestAttack:
    """A hundred wrong passwords from many addresses."""

    @pytest.fixture
    def attack(self, link: ShareLink, monkeypatch: Any) -> None:
        monkeypatch.setattr(guesses, "PARTS", 2**60)  # else two of a thousand addresses may fall together
        for number in range(100):
            try_it(Client(), link, "wrong-wrong", REMOTE_ADDR=f"192.0.2.{number}")

    def test_right_password_from_a_fresh_address_opens_the_page(self, link: ShareLink, attack: None) -> None:
        assert try_it(Client(), link, REMOTE_ADDR="198.51.100.7").status_code == 302

    def test_each_address_gets_fewer_attempts(self, link: ShareLink, attack: None) -> None:
        codes = [try_it(Client(), link, "wrong-wrong", REMOTE_ADDR="198.51.100.7").status_code for _ in range(3)]

        assert codes == [422, 422, 429]

    def test_browser_that_unlocked_it_before_does_not_wait(self, link: ShareLink, stranger: Client) -> None:
        try_it(stranger, link)
        for _ in range(11):
            try_it(Client(), link, "wrong-wrong")
        assert try_it(Client(), link).status_code == 429, "its address has to wait"

        with time_machine.travel(timezone.now() + passes.LASTS):
            for _ in range(11):
                try_it(Client(), link, "wrong-wrong")
            answer = try_it(stranger, link)

        assert answer.status_code == 302

    def test_owner_is_told_once(
        self, link: ShareLink, as_maria: Client, attack: None, mailoutbox: list[Any], settings: Any
    ) -> None:
        for number in range(20):
            try_it(Client(), link, "wrong-wrong", REMOTE_ADDR=f"198.51.100.{number}")

        deliver()

        [mail] = mailoutbox
        assert mail.to == ["maria@example.com"]
        assert mail.subject == "Wrong passwords for a share link: Top secret"
        assert f"/videos/{link.video_id}" in mail.body
        assert "Many wrong passwords on" in as_maria.get(reverse("shared_links", args=["acme"])).content.decode()

    def test_flood_of_addresses_leaves_a_bounded_number_of_rows(self, link: ShareLink, monkeypatch: Any) -> None:
        monkeypatch.setattr(guesses, "PARTS", 16)
        for number in range(100):
            try_it(Client(), link, "wrong-wrong", REMOTE_ADDR=f"192.0.2.{number}")
        before = cached_rows()

        for number in range(200):
            try_it(Client(), link, "wrong-wrong", REMOTE_ADDR=f"198.51.100.{number}")

        assert cached_rows() - before <= 2 * 16


def cached_rows() -> int:
    if django_settings.REDIS_URL:
        return int(cache._cache.get_client().dbsize())  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM cache")
        return int(cursor.fetchone()[0])


class TestAudit:
    def test_wrong_passwords_are_recorded_hourly_without_the_input(self, link: ShareLink, stranger: Client) -> None:
        for _ in range(3):
            try_it(stranger, link, "wrong-wrong")

        denied = AuditEvent.objects.get(action=AuditAction.SHARE_DENIED)
        assert denied.after == {"shown": "password"}
        assert "wrong-wrong" not in str(AuditEvent.objects.values())


class TestMaking:
    def test_only_a_hash_is_stored_and_never_shown(self, link: ShareLink, video: Video, as_maria: Client) -> None:
        page = as_maria.get(reverse("video", args=["acme", video.pk])).content.decode()
        listed = as_maria.get(reverse("shared_links", args=["acme"])).content.decode()

        assert PASSWORD not in str(ShareLink.objects.values()) + page + listed
        assert link.password_hash not in page + listed
        assert "Password protected" in page
        assert "Password</span>" in listed
        made = AuditEvent.objects.get(action=AuditAction.SHARE_CREATED)
        assert made.after == {"is_locked": True}

    def test_short_password_is_refused_beside_its_field(self, as_maria: Client, video: Video) -> None:
        response = as_maria.post(reverse("share_link_create", args=["acme", video.pk]), {"password": "short"})

        assert response.status_code == 422
        assert "Use at least 8 characters" in response.content.decode()
        assert not ShareLink.objects.exists()

    def test_link_without_a_password_needs_none(self, as_maria: Client, video: Video, stranger: Client) -> None:
        as_maria.post(reverse("share_link_create", args=["acme", video.pk]), {"password": ""})

        link = ShareLink.objects.get()
        assert is_open(stranger, link)
        assert not try_it(stranger, link).cookies
