"""axe finds nothing serious on any page, light and dark, wide and narrow, and no page scrolls sideways."""

import functools
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser import steps
from tests.browser.faults import NewContext
from tests.browser.seeds import GUARDED, NEIGHBOUR, OTHER
from tests.browser.site import OWNER, PASSWORD, Site

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
# A page's player belongs to the provider; the sandbox's is tested separately.
# Colours in transition cannot be judged.
SETTLE = """async isDark => {
    const frame = () => new Promise(requestAnimationFrame);
    const root = document.documentElement;
    while (root.classList.contains("js") && root.classList.contains("dark") !== isDark) await frame();
    const ends = each => each.effect.getComputedTiming().endTime !== Infinity;
    do await frame(); while (document.getAnimations().some(ends));
}"""
RUN = """async () => {
    const found = await axe.run(document, {iframes: false, resultTypes: ["violations"]});
    return found.violations.map(({id, impact, nodes}) => [impact, id, ...nodes.map(node => node.html)]);
}"""
GRAVE = {"serious", "critical"}
SCHEMES = ("light", "dark")
DESKTOP, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)


@dataclass(frozen=True)
class Look:
    """A page by its path in the furnished workspace, and what to do there first."""

    address: str
    first: Callable[[Page], Any] | None = None
    who: str = OWNER  # or nobody


def press(role: Any, name: str) -> Callable[[Page], Any]:
    return lambda page: page.get_by_role(role, name=name, exact=True).first.click()


def fail_to_sign_in(page: Page) -> None:
    page.get_by_label("Email", exact=True).fill("nobody@example.com")
    page.get_by_label("Password", exact=True).fill("not the password")
    press("button", "Sign in")(page)
    expect(page.get_by_role("alert").first).to_be_visible()


def refused(button: str, **typed: str) -> Callable[[Page], Any]:
    """Fill the fields by name and submit, so that the form returns with errors."""

    def send(page: Page) -> None:
        for name, text in typed.items():
            page.locator(f"main [name={name}]:visible").fill(text)
        page.locator("form").evaluate_all("forms => forms.forEach(form => { form.noValidate = true; })")
        press("button", button)(page)
        expect(page.locator("main [role=alert]").first).to_be_visible()

    return send


def invite(page: Page) -> None:
    page.locator("[name=email]").fill(f"{'long.' * 10}{secrets.token_hex(4)}@{'department.' * 8}example.com")
    press("button", "Invite")(page)
    expect(page.get_by_label("Invitation link")).to_be_visible()


def come_to_the_second_step(page: Page) -> None:
    page.get_by_label("Email", exact=True).fill(GUARDED)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press("button", "Sign in")(page)
    expect(page.get_by_role("heading", name="Two-factor authentication")).to_be_visible()


def fail_the_second_step(page: Page) -> None:
    come_to_the_second_step(page)
    refused("Sign in", code="1")(page)


def open_picker(page: Page) -> None:
    press("link", "Choose a replica")(page)
    expect(steps.dialog(page, "Replicas").get_by_role("button", name="Ada - Office")).to_be_visible(timeout=steps.SOON)


def show_every_option(page: Page) -> None:
    steps.unfold(page, "Background")
    page.get_by_label("Background", exact=True).select_option("page")
    page.get_by_label("Script", exact=True).fill("Hello there. " * 500)
    expect(page.locator(".long-script")).to_be_visible()


def open_every_card(page: Page) -> None:
    page.locator("aside details").evaluate_all("cards => cards.forEach(card => { card.open = true; })")


def draft_from_comments(page: Page) -> None:
    press("button", "Create draft from comments")(page)
    expect(page.get_by_role("heading", name="Requested changes")).to_be_visible()


LOOKS = {
    "library": Look("{workspace}videos/"),
    "nothing found": Look("{workspace}videos/?q=nothing"),
    "video, ready": Look("{workspace}videos/{ready}/"),
    "video, rendering": Look("{workspace}videos/{rendering}/"),
    "video, waiting": Look("{workspace}videos/{waiting}/"),
    "video, failed": Look("{workspace}videos/{failed}/"),
    "video, cancelled": Look("{workspace}videos/{cancelled}/"),
    "video, deleted": Look("{workspace}videos/{deleted}/"),
    "rename dialog": Look("{workspace}videos/{ready}/", press("link", "Rename")),
    "delete dialog": Look("{workspace}videos/{ready}/", press("button", "Delete")),
    "new video": Look("{workspace}videos/new/"),
    "new video, every option": Look("{workspace}videos/new/", show_every_option),
    "new video, refused": Look("{workspace}videos/new/", press("button", "Generate")),
    "replica picker": Look("{workspace}videos/new/", open_picker),
    "draft": Look("{workspace}videos/{draft}/edit/"),
    "keys": Look("{workspace}keys/"),
    "key": Look("{workspace}keys/{key}/"),
    "key, frozen": Look("{workspace}keys/{frozen_key}/"),
    "key, name refused": Look("{workspace}keys/{key}/", refused("Rename", name="")),
    "key, new secret refused": Look("{workspace}keys/{key}/", refused("Replace", secret="")),
    "key, limit refused": Look("{workspace}keys/{key}/", refused("Save limit", max_slots="0")),
    "key, delete dialog": Look("{workspace}keys/{key}/", press("link", "Delete")),
    "key, delete": Look("{workspace}keys/{key}/delete/"),
    "keys, only to see": Look("{workspace}keys/", who=OTHER),
    "add key": Look("{workspace}keys/add/"),
    "add key, refused": Look("{workspace}keys/add/", refused("Add API key")),
    "replicas": Look("{workspace}replicas/"),
    "shared links": Look("{workspace}shared/"),
    "link": Look("{workspace}shared/{link_pk}/"),
    "link, preview": Look("{workspace}shared/{link_pk}/preview/"),
    "link, send": Look("{workspace}shared/{link_pk}/send/"),
    "link, takes": Look("{workspace}shared/{link_pk}/takes/"),
    "link, numbers": Look("{workspace}shared/{link_pk}/numbers/"),
    "link policy": Look("{workspace}shared/policy/"),
    "link policy, refused": Look("{workspace}shared/policy/", refused("Save", max_days="0")),
    "link presets": Look("{workspace}shared/presets/"),
    "personal links": Look("{workspace}videos/{ready}/share/personal/"),
    "personal links, refused": Look(
        "{workspace}videos/{ready}/share/personal/", refused("Create personal links", recipients="not@@x")
    ),
    "video, numbers": Look("{workspace}videos/{ready}/numbers/"),
    "video, every card open": Look("{workspace}videos/{ready}/", open_every_card),
    "certificate": Look("{workspace}verdicts/{verdict_pk}/certificate/"),
    "inbox": Look("{workspace}inbox/"),
    "notifications": Look("/account/notifications/"),
    "branding": Look("{workspace}settings/branding/"),
    "branding, refused": Look("{workspace}settings/branding/", refused("Save", accent="red")),
    "visits": Look("{workspace}settings/visits/"),
    "members": Look("{workspace}members/"),
    "members, only to see": Look("{workspace}members/", who=OTHER),
    "members, invited": Look("{workspace}members/", invite),
    "members, invitation refused": Look("{workspace}members/", refused("Invite", email="no address")),
    "members, domain refused": Look("{workspace}members/", refused("Add domain", domain="no domain")),
    "member": Look("{workspace}members/{member_pk}/"),
    "member, oneself": Look("{workspace}members/{owner_pk}/"),
    "member, remove": Look("{workspace}members/{member_pk}/remove/"),
    "member, hand over": Look("{workspace}members/{member_pk}/hand-over/"),
    "leave": Look("{workspace}members/leave/", who=OTHER),
    "leave, as last owner": Look("{workspace}members/leave/"),
    "settings": Look("{workspace}settings/"),
    "settings, only to see": Look("{workspace}settings/", who=OTHER),
    "settings, refused": Look("{workspace}settings/", refused("Save", name="")),
    "audit log": Look("{workspace}settings/audit-log/"),
    "audit log, filtered": Look("{workspace}settings/audit-log/?action=key_added"),
    "audit log, nothing found": Look("{workspace}settings/audit-log/?q=nothing"),
    "workspace, delete": Look("{workspace}settings/delete/"),
    "workspace, delete refused": Look("{workspace}settings/delete/", refused("Delete workspace", name="another")),
    "not allowed": Look("{workspace}settings/audit-log/", who=OTHER),
    "join": Look("{workspace}join/", who=NEIGHBOUR),
    "workspaces": Look("/workspaces/"),
    "workspaces, one to join": Look("/workspaces/", who=NEIGHBOUR),
    "new workspace": Look("/workspaces/new/"),
    "new workspace, refused": Look("/workspaces/new/", refused("Create workspace", name="")),
    "account": Look("/account/"),
    "appearance": Look("/account/appearance/"),
    "address": Look("/account/email/"),
    "address, refused": Look("/account/email/", refused("Change email address", email="no address")),
    "change password": Look("/account/password/change/"),
    "change password, refused": Look(
        "/account/password/change/", refused("Change password", oldpassword="x", password1="123", password2="1234")
    ),
    "two factors, off": Look("/account/two-factor/"),
    "two factors, on": Look("/account/two-factor/", who=GUARDED),
    "set up an app": Look("/account/two-factor/totp/activate/"),
    "set up an app, refused": Look("/account/two-factor/totp/activate/", refused("Turn on", code="1")),
    "turn the app off": Look("/account/two-factor/totp/deactivate/", who=GUARDED),
    "recovery codes": Look("/account/two-factor/recovery-codes/", who=GUARDED),
    "new recovery codes": Look("/account/two-factor/recovery-codes/generate/", who=GUARDED),
    "passkeys": Look("/account/two-factor/webauthn/"),
    "add a passkey": Look("/account/two-factor/webauthn/add/"),
    "sessions": Look("/account/sessions/"),
    "single sign-on": Look("/account/providers/"),
    "choose a provider": Look("/account/providers/choose/"),
    "is it still you": Look("/account/reauthenticate/"),
    "is it still you, refused": Look("/account/reauthenticate/", refused("Continue", password="x")),
    "is it still you, by code": Look("/account/two-factor/reauthenticate/", who=GUARDED),
    "sign out": Look("/account/logout/"),
    "components": Look("/backoffice/components/"),
    "not found": Look("{workspace}nowhere/"),
    "sandbox guide": Look("/sandbox/"),
    "sandbox player": Look("{player}"),
    "sign in": Look("/account/login/", who=""),
    "sign in, refused": Look("/account/login/", fail_to_sign_in, who=""),
    "sign up, closed": Look("/account/signup/", who=""),
    "reset password": Look("/account/password/reset/", who=""),
    "new password, used link": Look("/account/password/reset/key/1-x/", who=""),
    "second step": Look("/account/login/", come_to_the_second_step, who=""),
    "second step, refused": Look("/account/login/", fail_the_second_step, who=""),
    "invitation": Look("{invitation}", who=""),
    "invitation, refused": Look("{invitation}", refused("Join Acme", password="x"), who=""),
    "invitation, for somebody with an account": Look("{invitation_of_erik}", who=""),
    "invitation, for another": Look("{invitation}", who=OTHER),
    "invitation, gone": Look("/invitations/gone/", who=""),
    "share, ready": Look("{share_ready}", who=""),
    "share, rendering": Look("{share_rendering}", who=""),
    "share, failed": Look("{share_failed}", who=""),
    "share, deleted": Look("{share_deleted}", who=""),
    "share, revoked": Look("{share_revoked}", who=""),
    "share, unknown": Look("/s/unknown/", who=""),
    "share, report": Look("{share_ready}report/", who=""),
    "share, report refused": Look("{share_ready}report/", refused("Send report", email="no address"), who=""),
    "draft from comments": Look("{workspace}videos/{ready}/", draft_from_comments),
}


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Site, furnished: dict[str, str]) -> Callable[[str], Any]:
    """Return the cookies of the person with this email, signed in; none for an anonymous visitor."""

    @functools.cache
    def cookies(email: str) -> Any:
        if not email:
            return None
        with browser.new_context(base_url=site.url) as context:
            page = context.new_page()
            if email == GUARDED:
                page.goto("/account/login/")
                come_to_the_second_step(page)
                page.get_by_label("Code", exact=True).fill(furnished["recovery_code"])
                press("button", "Sign in")(page)
                page.wait_for_url(re.compile("/w/|/workspaces/"))
            else:
                steps.sign_in(page, email)
            return context.storage_state()

    return cookies


@pytest.mark.parametrize("name", LOOKS)
def test_page_is_accessible(
    name: str, signed_in: Callable[[str], Any], new_context: NewContext, furnished: dict[str, str]
) -> None:
    look = LOOKS[name]
    context = new_context(storage_state=signed_in(look.who), viewport=DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    page.goto(look.address.format(**furnished))
    if look.first:
        look.first(page)
    page.evaluate(AXE)

    faults = {
        f"{scheme}, {size['width']}": grave(page, scheme, size) for size in (DESKTOP, PHONE) for scheme in SCHEMES
    }

    assert {where: violations for where, violations in faults.items() if violations} == {}
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def grave(page: Page, scheme: Any, size: ViewportSize) -> list[list[str]]:
    """Return axe's serious and critical findings: impact, rule, markup."""
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    page.evaluate(SETTLE, scheme == "dark")
    return [violation for violation in page.evaluate(RUN) if violation[0] in GRAVE]
