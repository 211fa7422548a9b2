"""Passkeys with the browser's virtual authenticator: creation, sign-in, second factor, reauthentication."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests.browser import steps
from tests.browser.site import PASSWORD, Site

PASSKEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


_numbers = itertools.count(1)


@dataclass
class Person:
    page: Page
    email: str
    cdp: CDPSession
    authenticator: str

    def allow(self, *, is_known: bool) -> None:
        """Set whether the authenticator recognises the fingerprint."""
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.authenticator, "isUserVerified": is_known})

    def sign_out(self) -> None:
        self.page.goto("/account/logout/")
        self.page.get_by_role("main").get_by_role("button", name="Sign out", exact=True).click()
        self.page.wait_for_url("**/account/login/**")

    def add_passkey(self, *, alone: bool) -> None:
        self.page.goto("/account/two-factor/webauthn/add/")
        self.page.get_by_label("Name", exact=True).fill("My laptop")
        self.page.get_by_label("Sign in without a password").set_checked(alone)
        self.page.get_by_role("button", name="Add", exact=True).click()
        expect(self.page.get_by_role("heading", name="Recovery codes")).to_be_visible()


@pytest.fixture
def person(site: Site, new_context: Callable[..., BrowserContext]) -> Person:
    """A person with an account and a passkey. Passkeys need a host name, not an IP address."""
    email = f"p{next(_numbers)}@example.com"
    site.seed("person", email)
    page = new_context(base_url=f"http://localhost:{urlsplit(site.url).port}").new_page()
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    authenticator = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEY})["authenticatorId"]
    steps.sign_in(page, email)
    return Person(page, email, cdp, authenticator)


def test_passkey_alone_signs_in(person: Person) -> None:
    person.add_passkey(alone=True)
    person.sign_out()

    person.page.get_by_role("button", name="Use a passkey").click()

    person.page.wait_for_url("**/w/**")
    person.page.goto("/account/two-factor/webauthn/")
    expect(person.page.get_by_role("link", name="My laptop", exact=True)).to_be_visible()


def test_passkey_without_user_verification_is_refused_with_a_message(person: Person) -> None:
    person.add_passkey(alone=True)
    person.sign_out()
    person.allow(is_known=False)

    person.page.get_by_role("button", name="Use a passkey").click()

    expect(person.page.get_by_text("No passkey was used.")).to_be_visible()
    person.page.goto("/")
    expect(person.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_passkey_works_as_second_factor(person: Person) -> None:
    person.add_passkey(alone=False)
    person.sign_out()
    person.page.get_by_label("Email", exact=True).fill(person.email)
    person.page.get_by_label("Password", exact=True).fill(PASSWORD)
    person.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(person.page.get_by_role("heading", name="Two-factor authentication")).to_be_visible()

    person.page.get_by_role("button", name="Use a passkey").click()

    person.page.wait_for_url("**/w/**")


def test_passkey_reauthenticates_and_the_action_continues(person: Person, site: Site) -> None:
    person.add_passkey(alone=True)
    site.seed("an_hour_later", person.email)
    person.page.goto("/account/two-factor/webauthn/")
    person.page.get_by_role("link", name="Remove My laptop").click()
    expect(person.page.get_by_role("heading", name="Confirm it’s you")).to_be_visible()
    person.page.get_by_role("link", name="Use a passkey").click()

    person.page.get_by_role("button", name="Use a passkey").click()

    expect(person.page.get_by_role("heading", name="Remove My laptop?")).to_be_visible()
    person.page.get_by_role("button", name="Remove", exact=True).click()
    expect(person.page.get_by_role("link", name="My laptop", exact=True)).to_have_count(0)


def test_new_passkey_meets_the_requirement_of_a_workspace(person: Person, site: Site) -> None:
    wanted = urlsplit(person.page.url).path
    site.seed("require", wanted, "two_factor")
    person.page.goto(wanted)
    expect(person.page.get_by_text("Own requires two-factor authentication.")).to_be_visible()
    person.add_passkey(alone=False)

    person.page.get_by_role("link", name="Continue to Own").click()

    person.page.wait_for_url(f"**{wanted}")
    expect(person.page.get_by_role("heading", name="Videos")).to_be_visible()
