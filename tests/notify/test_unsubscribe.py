"""The link in every mail: it opens without a sign-in, does nothing when it is only opened, and stops what it names."""

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
def test_opening_it_changes_nothing_and_sets_no_cookie(method: str, url: str) -> None:
    client = Client()

    answer = getattr(client, method)(url)

    assert answer.status_code == 200
    assert not Preference.objects.exists()
    assert not answer.cookies


def test_one_click_of_a_mail_program_stops_the_kind_and_no_other(url: str, maria: User) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post(url, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert list(Preference.objects.values_list("user", "kind", "mail")) == [(maria.pk, "comment", Cadence.OFF)]


def test_a_second_click_is_no_error_and_leaves_no_second_event(url: str) -> None:
    Client().post(url)
    Client().post(url)

    assert AuditEvent.objects.filter(action="account_changed").count() == 1


def test_other_choices_about_the_kind_are_kept(url: str, maria: User) -> None:
    Preference.objects.create(user=maria, kind=Kind.COMMENT, mail=Cadence.NOW, in_app=False, in_browser=False)

    Client().post(url)

    chosen = Preference.objects.get()
    assert (chosen.mail, chosen.in_app, chosen.in_browser) == (Cadence.OFF, False, False)


def test_the_link_of_a_mail_stops_it(told: Told) -> None:
    told()
    deliver()
    address = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")

    Client().post(address.partition("8000")[2])
    told()
    deliver()

    assert len(mail.outbox) == 1


def test_page_is_in_the_language_of_the_person(url: str, maria: User) -> None:
    User.objects.filter(pk=maria.pk).update(language="fr")

    page = Client(headers={"Accept-Language": "de"}).get(url).text

    assert '<html lang="fr">' in page
    assert "Ne plus recevoir ces e-mails" in page


@pytest.mark.parametrize("token", ["x", "eyJ1c2VyIjoxfQ:forged", "."])
def test_forged_tokens_are_unknown(token: str, db: None) -> None:
    answers = [getattr(Client(), method)(reverse("unsubscribe", args=[token])) for method in ("get", "post")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_tokens_of_another_purpose_are_unknown(maria: User) -> None:
    from django.core import signing

    token = signing.Signer(salt="something.else").sign_object({"user": maria.pk, "kinds": ["comment"]})

    assert Client().post(reverse("unsubscribe", args=[token])).status_code == 404
