"""The unsubscribe link: needs no sign-in, changes nothing on GET, and stops only its own kind."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.models import AuditEvent
from tavusweb.notify.delivery import deliver
from tavusweb.notify.kinds import Cadence, Kind
from tavusweb.notify.models import Preference
from tavusweb.notify.unsubscribe import Unsubscribe
from tests.notify.conftest import Told


@pytest.fixture
def url(maria: User) -> str:
    return reverse("unsubscribe", args=[Unsubscribe(maria.pk, (Kind.COMMENT,)).token])


@pytest.mark.parametrize("method", ["get", "head"])
def test_viewing_the_unsubscribe_page_changes_nothing_and_sets_no_cookie(method: str, url: str) -> None:
    client = Client()

    answer = getattr(client, method)(url)

    assert answer.status_code == 200
    assert not Preference.objects.exists()
    assert not answer.cookies


def test_one_click_unsubscribe_stops_only_that_kind(url: str, maria: User) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post(url, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert list(Preference.objects.values_list("user", "kind", "mail")) == [(maria.pk, "comment", Cadence.OFF)]


def test_unsubscribing_twice_succeeds_and_is_recorded_once(url: str) -> None:
    Client().post(url)
    Client().post(url)

    assert AuditEvent.objects.filter(action="account_changed").count() == 1


def test_unsubscribing_keeps_the_kinds_other_preferences(url: str, maria: User) -> None:
    Preference.objects.create(user=maria, kind=Kind.COMMENT, mail=Cadence.NOW, in_app=False, in_browser=False)

    Client().post(url)

    chosen = Preference.objects.get()
    assert (chosen.mail, chosen.in_app, chosen.in_browser) == (Cadence.OFF, False, False)


def test_unsubscribe_link_in_a_mail_works(told: Told) -> None:
    told()
    deliver()
    address = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")

    Client().post(address.partition("8000")[2])
    told()
    deliver()

    assert len(mail.outbox) == 1


def test_unsubscribe_page_is_in_the_recipients_language(url: str, maria: User) -> None:
    User.objects.filter(pk=maria.pk).update(language="fr")

    page = Client(headers={"Accept-Language": "de"}).get(url).text

    assert '<html lang="fr">' in page
    assert "Ne plus recevoir ces e-mails" in page


@pytest.mark.parametrize("token", ["x", "eyJ1c2VyIjoxfQ:forged", "."])
def test_forged_tokens_are_rejected(token: str, db: None) -> None:
    answers = [getattr(Client(), method)(reverse("unsubscribe", args=[token])) for method in ("get", "post")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_tokens_for_another_purpose_are_rejected(maria: User) -> None:
    from django.core import signing

    token = signing.Signer(salt="something.else").sign_object({"user": maria.pk, "kinds": ["comment"]})

    assert Client().post(reverse("unsubscribe", args=[token])).status_code == 404
