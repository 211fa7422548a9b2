"""Every page, light and dark, wide and narrow: axe finds nothing serious, and no page scrolls sideways."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser import steps
from tests.browser.faults import NewContext

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
# The player in a page is the provider's; the sandbox's is looked at by itself.
# Colours that still change are no colours yet.
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
    """A page, by its address in a furnished workspace, and what is done there first."""

    address: str
    first: Callable[[Page], Any] | None = None
    signed_in: bool = True


def press(role: Any, name: str) -> Callable[[Page], Any]:
    return lambda page: page.get_by_role(role, name=name, exact=True).first.click()


def fail_to_sign_in(page: Page) -> None:
    page.get_by_label("Email", exact=True).fill("nobody@example.com")
    page.get_by_label("Password", exact=True).fill("not the password")
    press("button", "Sign in")(page)
    expect(page.get_by_role("alert").first).to_be_visible()


def open_picker(page: Page) -> None:
    press("link", "Choose a replica")(page)
    expect(steps.dialog(page, "Replicas").get_by_role("button", name="Ada - Office")).to_be_visible(timeout=steps.SOON)


def show_every_option(page: Page) -> None:
    page.get_by_label("Background", exact=True).select_option("page")
    page.get_by_label("Script", exact=True).fill("Hello there. " * 500)
    expect(page.locator(".long-script")).to_be_visible()


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
    "key, delete": Look("{workspace}keys/{key}/delete/"),
    "add key": Look("{workspace}keys/add/"),
    "replicas": Look("{workspace}replicas/"),
    "shared links": Look("{workspace}shared/"),
    "members": Look("{workspace}members/"),
    "member": Look("{workspace}members/{member_pk}/"),
    "member, remove": Look("{workspace}members/{member_pk}/remove/"),
    "member, hand over": Look("{workspace}members/{member_pk}/hand-over/"),
    "leave": Look("{workspace}members/leave/"),
    "settings": Look("{workspace}settings/"),
    "trail": Look("{workspace}settings/trail/"),
    "trail, more": Look("{workspace}settings/trail/?deed=key_added"),
    "workspace, delete": Look("{workspace}settings/delete/"),
    "workspaces": Look("/workspaces/"),
    "new workspace": Look("/workspaces/new/"),
    "change password": Look("/account/password/change/"),
    "components": Look("/backoffice/components/"),
    "not found": Look("{workspace}nowhere/"),
    "sandbox guide": Look("/sandbox/"),
    "sandbox player": Look("{player}"),
    "sign in": Look("/account/login/", signed_in=False),
    "sign in, refused": Look("/account/login/", fail_to_sign_in, signed_in=False),
    "sign up, closed": Look("/account/signup/", signed_in=False),
    "reset password": Look("/account/password/reset/", signed_in=False),
    "invitation": Look("{invitation}", signed_in=False),
    "invitation, gone": Look("/invitations/gone/", signed_in=False),
    "share, ready": Look("{share_ready}", signed_in=False),
    "share, rendering": Look("{share_rendering}", signed_in=False),
    "share, failed": Look("{share_failed}", signed_in=False),
    "share, deleted": Look("{share_deleted}", signed_in=False),
    "share, revoked": Look("{share_revoked}", signed_in=False),
    "share, unknown": Look("/s/unknown/", signed_in=False),
}


@pytest.mark.parametrize("name", LOOKS)
def test_the_page_is_for_everybody(
    name: str, as_maria: NewContext, new_context: NewContext, furnished: dict[str, str]
) -> None:
    look = LOOKS[name]
    context = (as_maria if look.signed_in else new_context)(viewport=DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    page.goto(look.address.format(**furnished))
    if look.first:
        look.first(page)
    page.evaluate(AXE)

    found = {f"{scheme}, {size['width']}": grave(page, scheme, size) for size in (DESKTOP, PHONE) for scheme in SCHEMES}

    assert {where: violations for where, violations in found.items() if violations} == {}
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def grave(page: Page, scheme: Any, size: ViewportSize) -> list[list[str]]:
    """What axe finds that shuts somebody out: its weight, its rule, the markup."""
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    page.evaluate(SETTLE, scheme == "dark")
    return [violation for violation in page.evaluate(RUN) if violation[0] in GRAVE]
