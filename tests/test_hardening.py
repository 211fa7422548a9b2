"""What an attacker tries first: cookies, names, origins, and odd strings in every form."""

import re
import string
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.life import Status
from tavusweb.videos.models import Video
from tavusweb.workspaces.access import Role
from tavusweb.workspaces.models import Invitation, Workspace

STRINGS = 2_000
FORMS_SENT = 800
MARK = "x9q"
TYPED = {"text", "email", "url", "search"}
LEFT_OUT = {"logout", "set_language", "jsi18n"}


# --- Cookies, names, origins ------------------------------------------------------------


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(client: Client, maria: User, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    page = client.get("/account/login/", secure=True)
    answer = client.post("/account/login/", {"login": maria.email, "password": "maria-pass-1"}, secure=True)

    cookies = [page.cookies["csrftoken"], answer.cookies["sessionid"]]

    for cookie in cookies:
        assert cookie["httponly"]
        assert cookie["secure"]
        assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "127.0.0.1.evil.example", "a b", "x:y@z"])
def test_a_request_under_another_name_is_refused(host: str, client: Client, db: None) -> None:
    assert client.get("/account/login/", headers={"host": host}).status_code == 400


def test_a_forwarded_name_changes_nothing(client: Client, db: None) -> None:
    page = client.get("/account/login/", headers={"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"})

    assert "evil.example" not in page.content.decode()


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver", "https://testserver.evil.example"]
)
def test_a_form_from_another_origin_is_refused_even_with_a_good_token(
    origin: str, maria: User, workspace: Workspace
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(maria)
    page = client.get("/workspaces/new/", secure=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]  # type: ignore[index]
    fields = {"name": "Theirs", "csrfmiddlewaretoken": token}

    refused = client.post("/workspaces/new/", fields, secure=True, headers={"origin": origin})
    taken = client.post("/workspaces/new/", fields, secure=True, headers={"origin": "https://testserver"})

    assert (refused.status_code, taken.status_code) == (403, 302)


# --- Odd strings in every form -------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    action: str
    fields: tuple[str, ...]
    typed: frozenset[str]  # those whose text comes back with an error
    hidden: tuple[tuple[str, str], ...]


class Forms(HTMLParser):
    """The forms of a page that are sent by POST."""

    def __init__(self, page: str, html: str) -> None:
        super().__init__()
        self.page, self.found, self.open = page, [], None  # type: ignore[var-annotated]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.open = (given.get("action") or self.page, [], set(), [])
        elif self.open and tag in {"input", "textarea", "select"} and given.get("name", "csrf")[:4] != "csrf":
            is_hidden = given.get("type") == "hidden"
            if is_hidden and given["name"] not in {"next", "credential"}:
                self.open[3].append((given["name"], given.get("value", "")))
            else:
                self.open[1].append(given["name"])
                if tag == "textarea" or (tag == "input" and given.get("type", "text") in TYPED):
                    self.open[2].add(given["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.open:
            action, fields, typed, hidden = self.open
            self.found.append(Form(action, tuple(dict.fromkeys(fields)), frozenset(typed), tuple(hidden)))
            self.open = None


def names(patterns: Any = None) -> set[str]:
    """Every name in the resolver, the admin's left out."""
    found = set()
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            found |= names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            found.add(pattern.name)
    return found - LEFT_OUT


HTML = st.sampled_from(
    [
        f"<script>{MARK}</script>",
        f'"><img src={MARK} onerror=alert(1)>',
        f"'><svg onload={MARK}>",
        f"</textarea><script>{MARK}</script>",
        f"javascript:{MARK}//<script>",
    ]
)
ODD = st.one_of(
    HTML,
    st.text(alphabet=st.characters(), max_size=60),
    st.text(alphabet="\0\x01\x1b\x7f\u202e\u200f\ufeff\ud800\udfff\n\r\t", min_size=1, max_size=12),
    st.sampled_from(
        [
            "' OR 1=1; DROP TABLE videos_video; --",
            "{{ settings.SECRET_KEY }}{% debug %}",
            "${7*7}#{7*7}",
            "../../../../etc/passwd",
            "\r\nSet-Cookie: x=1",
            "https://169.254.169.254/latest/",
            "9" * 400,
            "-1",
            "NaN",
            "٣",
        ]
    ),
    st.integers(0, 60).map(lambda chance: "a" * (10_000 if chance else 1_000_000)),
    st.text(alphabet=string.printable, max_size=300),
)


def encoded(fields: dict[str, str]) -> bytes:
    """As a browser that means ill would send it: surrogates and NULs included."""
    pairs = (
        f"{name}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'), safe='')}" for name, value in fields.items()
    )
    return "&".join(pairs).encode()


@override_settings(
    STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ACCOUNT_RATE_LIMITS=False,
)
class OddStrings(TestCase):
    owner: User
    forms: list[Form]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.owner = User.objects.create_user("maria@example.com", "maria-pass-1", name="Maria")
        workspace = Workspace.objects.found("Acme", cls.owner)
        key = APIKey.make(workspace, name="Main", secret="tavus-key-1234567890", is_sandbox=True, by=cls.owner)
        key.save()
        other = User.objects.create_user("erik@example.com", "erik-pass-12", name="Erik")
        member = workspace.memberships.create(user=other, role=Role.EDITOR)
        common: dict[str, Any] = {"workspace": workspace, "created_by": cls.owner, "api_key": key, "replica_id": "r1"}
        videos = [
            Video.objects.create(**common, title=status, script="Hello", status=status, tavus_id=f"v-{status}")
            for status in (Status.READY, Status.FAILED, Status.DRAFT, Status.UNSURE)
        ]
        link = ShareLink.objects.create(video=videos[0], created_by=cls.owner)
        invitation, token = Invitation.issue(workspace, email="nora@example.com", role=Role.VIEWER, by=cls.owner)
        rows = [*(video.pk for video in videos), key.pk, link.pk, member.pk, invitation.pk]
        arguments: list[list[Any]] = [[], ["acme"], *(["acme", pk] for pk in rows), [token], [link.token]]
        cls.forms = cls.all_forms(arguments)

    @classmethod
    def all_forms(cls, arguments: list[list[Any]]) -> list[Form]:
        """The forms on every page that opens for an owner, and for nobody."""
        found: dict[tuple[str, tuple[str, ...]], Form] = {}
        for client in (Client(), Client()):
            if found:
                client.force_login(cls.owner)
            for name in sorted(names()):
                for args in arguments:
                    try:
                        page = reverse(name, args=args)
                    except NoReverseMatch:
                        continue
                    answer = client.get(page)
                    if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
                        forms = Forms(page, answer.content.decode()).found
                        found |= {(form.action, form.fields): form for form in forms if form.fields}
        return list(found.values())

    def test_there_are_forms(self) -> None:
        actions = " ".join(form.action for form in self.forms)

        assert len(self.forms) >= 20
        for part in ("/login/", "/reset/", "/keys/add/", "/videos/", "/members/", "/settings/", "/invitations/"):
            assert part in actions

    def test_no_string_breaks_a_form_or_is_shown_unescaped(self) -> None:
        thrown = 0

        @hypothesis_settings(
            max_examples=FORMS_SENT,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        @given(st.data())
        def throw(data: Any) -> None:
            nonlocal thrown
            form = data.draw(st.sampled_from(self.forms))
            # One odd string among sound ones reaches further; odd ones everywhere find what they do together.
            odd = [data.draw(st.sampled_from(form.fields))] if data.draw(st.booleans()) else form.fields
            texts = {field: data.draw(ODD) for field in odd}
            thrown += len(texts)
            self.send(form, texts)

        throw()

        assert thrown >= STRINGS

    def send(self, form: Form, texts: dict[str, str]) -> None:
        client = Client(raise_request_exception=False)
        if "/login/" not in form.action and "/reset/" not in form.action and "/invitations/" not in form.action:
            client.force_login(self.owner)
        fields = dict(form.hidden) | dict.fromkeys(form.fields, "1") | texts

        answer = client.post(
            urlsplit(form.action).path, encoded(fields), content_type="application/x-www-form-urlencoded"
        )

        told = {field: text[:80] for field, text in texts.items()}
        assert answer.status_code < 500, (form.action, told)
        if "html" not in answer.headers.get("Content-Type", ""):
            return
        page = answer.content.decode()
        for field, text in texts.items():
            if MARK in text:
                assert text not in page, (form.action, field)
                if answer.status_code == 422 and field in form.typed:
                    assert escape(text) in page, (form.action, field)
