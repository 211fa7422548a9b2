"""Share pages and their mails in the language of the visitor: every state, without a word left in English."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import trans_real

from tavusweb import guesses
from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.forms import TOO_LONG
from tavusweb.reviews.actions import ask_for_approvals
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import Comment
from tavusweb.reviews.sentences import sentences
from tavusweb.reviews.speaker import Proof
from tavusweb.sharing import codes, replies
from tavusweb.sharing.languages import COOKIE
from tavusweb.sharing.models import ReplySubscription, ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.accounts.conftest import fresh_limits  # noqa: F401

STATES = Path(__file__).parents[2] / "templates" / "sharing" / "states"
TRANSLATED = ["de", "fr", "es"]
NOT_FOUND = {
    "en": "Link not found",
    "de": "Link nicht gefunden",
    "fr": "Lien introuvable",
    "es": "Enlace no encontrado",
}


@pytest.fixture
def share(make_video: Any, maria: User) -> Any:
    """`share(status, **rules)`: a link to a video in that status; `about` is what its video is like."""

    def make(status: Status = Status.READY, about: dict[str, Any] | None = None, **rules: Any) -> ShareLink:
        fields = {"title": "", "hosted_url": "https://tavus.video/v1", "script": "4711"} | (about or {})
        password = rules.pop("password", "")
        link = ShareLink(video=make_video(status, **fields), created_by=maria, **rules)
        link.put_password(password)
        link.save()
        return link

    return make


def speaking(language: str) -> Client:
    return Client(headers={"Accept-Language": language})


def lang_of(page: Any) -> str:
    return re.search(r'<html lang="([^"]*)"', page.text)[1]


class TestChoice:
    @pytest.mark.parametrize(
        ("accepted", "language"),
        [
            ("de", "de"),
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("fr-CA", "fr"),
            ("es-419,es;q=0.9", "es"),
            ("pt-BR,pt;q=0.9,es;q=0.5,en;q=0.1", "es"),
            ("en-US,de;q=0.9", "en"),
            ("ja", "en"),
            ("", "en"),
            ("*", "en"),
            ("../../etc;q=x,,;", "en"),
        ],
    )
    def test_browser_language_is_used(self, accepted: str, language: str, share: Any) -> None:
        for page in (
            speaking(accepted).get(reverse("share", args=["no-such-link"])),
            speaking(accepted).get(share().get_absolute_url()),
        ):
            assert lang_of(page) == language
            assert page["Content-Language"] == language
            assert "Accept-Language" in page["Vary"]
            assert not page.cookies
        assert translation.get_language() == "en", "it is spoken for one request only"

    def test_language_switch_overrides_the_browser_only_on_this_page(self, share: Any) -> None:
        link, other, visitor = share(), share(), speaking("de")

        chosen = visitor.post(link.get_absolute_url(), {"language": "fr"})

        cookie = chosen.cookies[COOKIE]
        assert (chosen.status_code, chosen["Location"]) == (302, link.get_absolute_url())
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (link.get_absolute_url(), True, "Lax")
        assert "no-store" in chosen["Cache-Control"]
        shown = visitor.get(link.get_absolute_url())
        assert lang_of(shown) == "fr"
        assert re.findall(r'lang="(\w+)" aria-current="true"', shown.text) == ["fr"]
        assert lang_of(Client().get(other.get_absolute_url())) == "en"

    @pytest.mark.parametrize("state", [{"revoked_at": timezone.now()}, {"password": "Sesame"}, {"view_limit": 1}, {}])
    def test_every_page_has_the_switch_with_every_language(self, state: dict[str, Any], share: Any) -> None:
        link, visitor = share(**state), Client()

        for page in (visitor.get(link.get_absolute_url()), visitor.get(reverse("share", args=["unknown"]))):
            offered = re.findall(r'<button name="language" value="(\w+)" lang="\1"[^>]*>(\w+)</button>', page.text)
            assert offered == list(map(tuple, django_settings.LANGUAGES))
            assert "csrf" not in page.text
        visitor.post(link.get_absolute_url(), {"language": "es"})
        assert lang_of(visitor.get(link.get_absolute_url())) == "es"
        link.refresh_from_db()
        assert link.views_used == 0, "a choice is no step of the gate"

    def test_language_switch_works_after_a_refused_form(self, share: Any) -> None:
        link, visitor = share(comments="named"), Client()
        assert visitor.post(reverse("share_comment", args=[link.token]), {}).status_code == 422

        chosen = visitor.post(reverse("share_comment", args=[link.token]), {"language": "de"})

        assert chosen["Location"] == link.get_absolute_url()
        assert lang_of(visitor.get(link.get_absolute_url())) == "de"
        assert not Comment.objects.exists()

    @pytest.mark.parametrize("language", ["ja", "", "de; Domain=evil.example", "DE"])
    def test_unknown_language_is_not_saved(self, language: str, share: Any) -> None:
        link, visitor = share(), Client()

        assert not visitor.post(link.get_absolute_url(), {"language": language}).cookies

        visitor.cookies[COOKIE] = language
        assert lang_of(visitor.get(link.get_absolute_url())) == "en"

    def test_another_site_cannot_switch(self, share: Any) -> None:
        sent = Client().post(share().get_absolute_url(), {"language": "de"}, headers={"Origin": "https://evil.example"})

        assert sent.status_code == 403
        assert not sent.cookies

    def test_url_cannot_inject_cookie_attributes(self, db: None) -> None:
        chosen = Client().post("/s/x;Domain=example.org/", {"language": "de"})

        assert "domain" not in chosen.cookies[COOKIE].OutputString().lower().replace("%3bdomain", "")

    def test_members_pages_stay_in_english(self, as_maria: Client) -> None:
        page = as_maria.get(reverse("shared_links", args=["acme"]), headers={"Accept-Language": "de"})

        assert lang_of(page) == "en"


class Asked:
    """In place of the English that Django falls back to: takes down what a language has no translation of."""

    def __init__(self) -> None:
        self.missing: set[str] = set()

    def gettext(self, text: str) -> str:
        self.missing.add(text)
        return text

    def ngettext(self, text: str, plural: str, number: int) -> str:
        return self.gettext(text)


def walk(client: Client, share: Any) -> Iterator[Any]:
    """Every state of everything public, and every error in it."""
    client.get("/s/unknown/")

    def show(link: ShareLink, **fields: Any) -> Any:
        return client.post(link.get_absolute_url(), fields) if fields else client.get(link.get_absolute_url())

    def post(name: str, link: ShareLink, /, **fields: Any) -> Any:
        return client.post(reverse(name, args=[link.token]), fields)

    yield client.get("/s/unknown/")
    now = timezone.now()
    gone = [{"revoked_at": now}, {"closed_at": now}, {"expires_at": now}, {"view_limit": 1, "views_used": 1}]
    yield from (show(share(**rules)) for rules in gone)
    yield from (show(share(status)) for status in Status)
    started = now - timedelta(seconds=60)
    for progress in (20, 50, 80):
        yield show(share(Status.GENERATING, {"progress": progress, "submitted_at": started}))
    for hosted_url in ("", "https://moved.example/v1"):
        yield show(share(about={"hosted_url": hosted_url}, shows_sender=False))
    yield show(share(Status.FAILED, shows_sender=False))
    yield show(share(Status.READY, {"trashed_at": now}))

    locked = share(password="Sesame")
    yield show(locked)
    yield from (show(locked, password=typed) for typed in ("", "x" * 101, *["wrong"] * 11))
    named = share(email_rule="any", allowed_addresses="@acme.example")
    yield show(named)
    yield from (show(named, email=typed) for typed in ("", "nobody", "eve@else.example", "x" * 250 + "@acme.example"))
    proven = share(email_rule="confirmed")
    show(proven, email="ada@acme.example")
    yield show(proven)
    yield from (show(proven, code=typed) for typed in ("", "xxxxxx", "x" * 30))
    for _ in range(6):
        show(proven, restart="1")
        yield show(proven, email="ada@acme.example")
    yield show(share(view_limit=3))

    rules = {"comments": "named", "approval": True, "allow_download": True, "shows_transcript": True}
    open_link = share(about={"download_url": "https://cdn.replica.tavus.io/v1.mp4"}, **rules)
    yield show(open_link)
    yield post("share_comment", open_link, comment="x" * 5000, name="x" * 100)
    yield from write_and_change(client, open_link, post)
    for name in ("share_comment", "share_approve", "share_changes"):
        yield post(name, open_link)
    shown = fingerprint_of(open_link.video)
    yield post("share_approve", open_link, name="Ada", shown=shown)
    yield post("share_approve", open_link, name="Ada", shown="0" * 64, confirmed="on")
    post("share_approve", open_link, name="Ada", shown=shown, confirmed="on")
    yield show(open_link)
    yield client.get(reverse("share_certificate", args=[open_link.token]))
    ask_for_approvals(Actor(open_link.created_by), open_link.video, needed=2, due_at=now + timedelta(days=2))
    yield show(open_link)
    post("share_changes", open_link, name="Bob", shown=shown, reason="4711")
    yield show(open_link)
    for number in range(21):
        yield post("share_comment", open_link, name="Ada", comment=str(number))
    Comment.objects.update(resolved_at=now, name="", created_at=now - timedelta(days=400))
    yield show(open_link)
    yield post("share_approve", open_link, name="Ada", shown=shown, confirmed="on")

    sites = {"embed_sites": "https://blog.example"}
    for link in (share(**sites), share(**sites, password="Sesame"), share(Status.FAILED, **sites), share()):
        yield client.get(reverse("share_embed", args=[link.token]))
    yield from report(client, share(), post)
    yield from replies_by_mail(client, share(comments="anonymous"), post)


def report(client: Client, link: ShareLink, post: Any) -> Iterator[Any]:
    """The form, what is refused, the thanks, and one report too many."""
    address = reverse("share_report", args=[link.token])
    yield client.get(address)
    yield post("share_report", link, details="x" * 2000, email="x")
    for _ in range(4):
        yield post("share_report", link, reason="other")
    yield client.get(address, {"sent": "1"})


def replies_by_mail(client: Client, link: ShareLink, post: Any) -> Iterator[Any]:
    """What a guest is told who asks for replies, confirms, and stops; and both mails."""
    for result in replies.Asked:
        yield client.get(link.get_absolute_url(), {"replies": result})
    post("share_comment", link, comment="4711", email="ada@example.com")
    row = ReplySubscription.objects.get()
    replies.mail_confirmation(row.pk)
    [confirm] = re.findall(r"http://[^/]+(/s/\S+)", mail.outbox[-1].body)
    yield client.get(confirm)
    yield client.post(confirm)
    for rules in ({}, {"view_limit": 3}):
        ShareLink.objects.filter(pk=link.pk).update(**rules)
        ReplySubscription.objects.update(mailed_to=0, mailed_at=None, guest="-")
        Comment.objects.create(video=link.video, link=str(link.pk), parent=row.thread, body="4711", proof=Proof.NONE)
        replies.mail_replies()
    stop = confirm.replace("confirm", "stop")
    yield client.get(stop)
    yield client.post(stop)
    yield client.get(confirm)


def write_and_change(client: Client, link: ShareLink, post: Any) -> Iterator[Any]:
    """A guest's own comment, its form, and what is refused."""
    place = {"at": "0:42", "sentence": sentences(link.video.script)[0].key}
    yield post("share_comment", link, name="Ada", comment="4711", at="x", sentence="x")
    post("share_comment", link, name="Ada", comment="4711", **place)
    said = Comment.objects.get(link=str(link.pk))
    for query in (f"?edit={said.pk}", f"?reply={said.pk}"):
        yield client.get(link.get_absolute_url() + query)
    yield post("share_comment_edit", link, pk=said.pk)
    yield post("share_comment_delete", link, pk=0)
    post("share_comment_edit", link, pk=said.pk, comment="4712")


@pytest.mark.one_database
@pytest.mark.thorough
@pytest.mark.usefixtures("every_template")
@pytest.mark.parametrize("language", TRANSLATED)
def test_every_state_is_fully_translated(language: str, share: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    monkeypatch.setattr(trans_real.translation(language), "_fallback", asked)

    pages = [page for page in walk(speaking(language), share) if page.status_code != 302]

    assert asked.missing == set()
    assert {lang_of(page) for page in pages} == {language}
    shown = {template.name for page in pages for template in page.templates}
    assert {f"sharing/states/{path.name}" for path in STATES.iterdir()} <= shown
    assert {"sharing/unknown.html", "sharing/embed.html"} <= shown
    assert {page.status_code for page in pages} == {200, 404, 409, 410, 422, 429}
    english = re.compile(r"\b(the|this|your|with|for|sender|link not|try again|ago|left)\b", re.IGNORECASE)
    for page in pages:
        words = re.sub(r"<[^>]*>", " ", re.sub(r"<(style|script)\b.*?</\1>", " ", page.text, flags=re.DOTALL))
        assert not english.search(words), " ".join(words.split())


def test_walk_detects_a_missing_translation(share: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, german = Asked(), trans_real.translation("de")
    monkeypatch.setattr(german, "_fallback", asked)
    monkeypatch.setattr(
        german,
        "_catalog",
        {key: value for key, value in german._catalog.items() if key != "This link has expired"},
    )

    speaking("de").get(share(expires_at=timezone.now()).get_absolute_url())

    assert asked.missing == {"This link has expired"}


@pytest.mark.parametrize(
    ("accepted", "word"), [("en", "code"), ("de", "Ihr Code"), ("fr", "Votre code"), ("es", "Su código")]
)
def test_mail_is_in_the_language_of_the_page(
    accepted: str, word: str, share: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(codes, "async_task", lambda task, *args, **options: sent.append(args))
    link, visitor = share(email_rule="confirmed"), Client()
    visitor.post(link.get_absolute_url(), {"language": accepted})

    visitor.post(link.get_absolute_url(), {"email": "ada@acme.example"})
    codes.mail(*sent[0])

    [message] = mail.outbox
    assert word in message.subject
    assert ("Enter this code" in message.body) == (accepted == "en")
    assert re.search(r"\d{6}", message.body)[0] in message.subject


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["in 1 second.", "in 2 seconds.", "in 2 minutes."]),
        ("de", ["in 1 Sekunde erneut", "in 2 Sekunden erneut", "in 2 Minuten erneut"]),
        ("fr", ["dans 1 seconde.", "dans 2 secondes.", "dans 2 minutes."]),
        ("es", ["en 1 segundo.", "en 2 segundos.", "en 2 minutos."]),
    ],
)
def test_plurals_follow_the_language(language: str, words: list[str]) -> None:
    with translation.override(language):
        said = [guesses.too_many(seconds) for seconds in (1, 2, 120)]

    assert all(part in sentence for part, sentence in zip(words, said, strict=True)), said


@pytest.mark.parametrize(
    ("language", "counted"), [("de", "0 Zeichen sind"), ("fr", "0 caractère."), ("es", "0 caracteres.")]
)
def test_zero_is_singular_only_in_french(language: str, counted: str) -> None:
    with translation.override(language):
        assert counted in str(TOO_LONG % {"limit_value": 0, "show_value": 3})


@pytest.mark.parametrize(
    ("language", "ago"), [("en", "3"), ("de", "3\xa0Tage her"), ("fr", "il y a 3"), ("es", "hace 3")]
)
def test_dates_are_shown_in_the_language(language: str, ago: str, share: Any) -> None:
    link = share(comments="anonymous")
    visitor = speaking(language)
    visitor.post(reverse("share_comment", args=[link.token]), {"comment": "4711"})
    Comment.objects.update(created_at=timezone.now() - timedelta(days=3))

    assert ago in visitor.get(link.get_absolute_url()).text


def test_every_language_has_a_catalogue_and_a_not_found_page(share: Any) -> None:
    """Whatever is in LANGUAGES has a catalogue, and the other way round."""
    folders = {path.parent.parent.name for path in (STATES.parents[2] / "locale").glob("*/LC_MESSAGES/django.mo")}

    assert folders | {"en"} == dict(django_settings.LANGUAGES).keys()
    assert NOT_FOUND.keys() == dict(django_settings.LANGUAGES).keys()
    for language, words in NOT_FOUND.items():
        assert words in speaking(language).get("/s/unknown/").text
    assert Video.objects.count() == 0
