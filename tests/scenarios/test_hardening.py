"""What an attacker tries first: cookies, names, origins, and odd strings in every form."""

import re
import socket
import string
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch
from urllib.parse import quote_from_bytes, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Invitation, Workspace
from tavusweb.workspaces.permissions import Role
from tests.strictness import faults

STRINGS = 2_000
MARK = "x9q"
TELLING = 12  # letters from which on a text is not on a page by chance
FOR_STRANGERS = {"/login/", "/reset/", "/invitations/"}
TYPED = {"text", "email", "url", "search", "textarea"}
SECRET = {"password", "secret"}  # also where one can see what one types
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
def test_request_for_an_unknown_host_is_refused(host: str, client: Client, db: None) -> None:
    assert client.get("/account/login/", headers={"host": host}).status_code == 400


def test_forwarded_host_is_ignored(client: Client, db: None) -> None:
    page = client.get("/account/login/", headers={"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"})

    assert "evil.example" not in page.content.decode()


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver", "https://testserver.evil.example"]
)
def test_form_from_another_origin_is_refused_even_with_a_valid_token(
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


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)  # what a person fills in, and what stands there
    typed: set[str] = field(default_factory=set)  # those whose text comes back with an error
    secret: set[str] = field(default_factory=set)  # those whose text never does
    hidden: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return urlsplit(self.action).path

    def is_again(self, other: "Form") -> bool:
        return self.path == other.path and self.typed | self.secret <= other.fields.keys()

    def compare(self, sent: dict[str, str], page: str) -> tuple[list[str], list[str]]:
        """The fields whose text the page lacks, and those of secrets whose text it tells."""
        again = next(each for each in Forms(self.path, page).found if self.is_again(each))
        lost = [name for name in self.typed if as_kept(again.fields[name]) != as_kept(sent[name])]
        others = "\0".join(as_kept(text) for name, text in sent.items() if name not in self.secret)
        telling = {name for name in self.secret if len(sent[name]) >= TELLING and as_kept(sent[name]) not in others}
        leaked = [name for name in self.secret if again.fields[name]]
        return lost, leaked + [name for name in telling if escape(as_kept(sent[name])) in as_kept(page)]


class Forms(HTMLParser):
    """The forms of a page that are sent by POST."""

    def __init__(self, page: str, html: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[Form] = []
        self.open: Form | None = None
        self.area = ""  # the name of the text area whose text is read
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.open = Form(given.get("action") or self.page)
        elif self.open and tag == "button" and given.get("name"):
            self.open.hidden.setdefault(given["name"], given.get("value", ""))
        elif self.open and tag in {"input", "textarea", "select"} and given.get("name", "csrf")[:4] != "csrf":
            self._note(self.open, given["name"], given.get("type", "text" if tag == "input" else tag), given)

    def _note(self, form: Form, name: str, kind: str, given: dict[str, str]) -> None:
        if kind == "hidden" and name not in {"next", "credential"}:
            form.hidden[name] = given.get("value", "")
            return
        form.fields.setdefault(name, given.get("value", ""))
        if kind == "password" or name in SECRET:
            form.secret.add(name)
        elif kind in TYPED:
            form.typed.add(name)
        if kind == "textarea":
            self.area = name

    def handle_data(self, data: str) -> None:
        if self.open and self.area:
            self.open.fields[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.open and self.area:  # one line break after the opening tag is not of the text
            self.open.fields[self.area] = re.sub(r"^\r?\n", "", self.open.fields[self.area])
            self.area = ""
        elif tag == "form" and self.open:
            self.found.append(self.open)
            self.open = None


def as_kept(text: str) -> str:
    """What our contract makes of a text: NFC, plain line ends, and a mark for what no browser shows."""
    known = text.encode("utf-8", "surrogatepass").decode(errors="replace").replace("\0", "\ufffd")
    return unicodedata.normalize("NFC", known).replace("\r\n", "\n").replace("\r", "\n")


def names(patterns: Any = None) -> set[str]:
    """Every name in the resolver, the admin's left out."""
    named = set()
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            named |= names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            named.add(pattern.name)
    return named - LEFT_OUT


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


# Refused by nearly every form: too long, and what no database keeps.
ALWAYS = (f'<script>{MARK}</script> Ame\u0301lie said: "It\'s &lt;"\r\n' * 1_000, f"  {MARK}\0 \ud800 \u202e ")


def encoded(fields: dict[str, str]) -> bytes:
    """As a browser that means ill would send it: surrogates and NULs included."""
    pairs = (
        f"{name}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'), safe='')}" for name, value in fields.items()
    )
    return "&".join(pairs).encode()


OUR_OWN = {urlsplit(url).port for url in (settings.TAVUS_API_URL, settings.SANDBOX_API_URL, settings.REDIS_URL)}


@contextmanager
def connections() -> Iterator[set[Any]]:
    """The ports that anything connects to."""
    asked = set()
    connect = socket.socket.connect

    def note(self: socket.socket, address: Any) -> None:
        asked.add(address[1])
        connect(self, address)

    with patch.object(socket.socket, "connect", note):
        yield asked


@pytest.mark.thorough
@override_settings(
    STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ACCOUNT_RATE_LIMITS=False,
)
class OddStrings(TestCase):
    owner: User
    signed_in: Client
    forms: list[Form]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.owner = User.objects.create_user("maria@example.com", "maria-pass-1", name="Maria")
        workspace = Workspace.objects.create_with_owner("Acme", cls.owner)
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
        cls.signed_in = Client()
        cls.signed_in.force_login(cls.owner)
        cls.forms = cls.all_forms(arguments)

    @classmethod
    def all_forms(cls, arguments: list[list[Any]]) -> list[Form]:
        """The forms on every page that opens for an owner, and for nobody."""
        by_fields: dict[tuple[str, ...], Form] = {}
        for client in (Client(), cls.signed_in):
            for name in sorted(names()):
                for args in arguments:
                    try:
                        page = reverse(name, args=args)
                    except NoReverseMatch:
                        continue
                    answer = client.get(page)
                    if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
                        forms = Forms(page, answer.content.decode()).found
                        by_fields |= {(form.action, *form.fields): form for form in forms if form.fields}
        return list(by_fields.values())

    def test_no_string_breaks_a_form_or_is_lost_or_runs_or_is_fetched(self) -> None:
        actions = " ".join(form.action for form in self.forms)
        for part in ("/login/", "/reset/", "/keys/add/", "/videos/", "/members/", "/settings/", "/invitations/"):
            assert part in actions

        with connections() as asked:
            thrown = [self.throw_at(form, number) for number, form in enumerate(self.forms)]

        assert all(thrown)
        assert sum(thrown) >= STRINGS, sum(thrown)
        assert asked <= OUR_OWN

    def throw_at(self, form: Form, number: int) -> int:
        """How many odd strings the form has got: the more fields, the more."""
        for text in ALWAYS:
            self.send(form, dict.fromkeys(form.fields, text))
        thrown = len(ALWAYS) * len(form.fields)

        @seed(number)
        @hypothesis_settings(
            max_examples=5 + 4 * len(form.fields),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data())
        def throw(data: Any) -> None:
            nonlocal thrown
            # One odd string among sound ones reaches further; odd ones everywhere find what they do together.
            is_alone = data.draw(st.booleans())
            odd = [data.draw(st.sampled_from(list(form.fields)))] if is_alone else form.fields
            texts = {name: data.draw(ODD) for name in odd}
            thrown += len(texts)
            self.send(form, texts)

        throw()
        return thrown

    def send(self, form: Form, texts: dict[str, str]) -> None:
        client = Client(raise_request_exception=False)
        if not any(part in form.action for part in FOR_STRANGERS):
            client.cookies = self.signed_in.cookies.copy()
        sent = form.hidden | dict.fromkeys(form.fields, "1") | texts

        with transaction.atomic():  # the next string finds everything as it was
            answer = client.post(form.path, encoded(sent), content_type="application/x-www-form-urlencoded")
            transaction.set_rollback(True)

        shown = (form.action, answer.status_code, {name: text[:80] for name, text in texts.items()})
        assert answer.status_code < 500, shown
        assert not faults(answer), shown
        if "html" in answer.headers["Content-Type"]:
            page = answer.content.decode()
            assert not [text for text in texts.values() if MARK in text and text in page], shown
            if answer.status_code in {200, 422}:
                lost, leaked = form.compare(sent, page)
                assert not lost, (shown, lost)
                assert not leaked, (shown, leaked)
