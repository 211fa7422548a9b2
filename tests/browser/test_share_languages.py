"""The language switch, as a stranger uses it on a phone without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.faults import NewContext

TITLES = {
    "English": ("en", "This link no longer works"),
    "Deutsch": ("de", "Dieser Link funktioniert nicht mehr"),
    "Français": ("fr", "Ce lien ne fonctionne plus"),
    "Español": ("es", "Este enlace ya no funciona"),
}


@pytest.mark.parametrize("state", ["share_ready", "share_rendering", "share_failed", "share_deleted", "share_revoked"])
def test_every_language_can_be_chosen_and_fits_a_phone(
    state: str, furnished: dict[str, str], new_context: NewContext
) -> None:
    page = new_context(java_script_enabled=False, locale="de-DE", viewport={"width": 320, "height": 640}).new_page()
    page.goto(furnished[state])
    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert not page.context.cookies(), "nothing is kept before a language is chosen"

    for name, (language, _) in TITLES.items():
        page.get_by_role("button", name=name, exact=True).click()

        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("[aria-current]")).to_have_text(name)
        for button in page.locator(".languages button").all():
            place = button.bounding_box()
            assert place
            assert place["x"] >= 0
            assert place["x"] + place["width"] <= 320
            assert place["height"] >= 44


def test_language_switch_changes_the_text(furnished: dict[str, str], new_context: NewContext) -> None:
    page = new_context(locale="fr-CA").new_page()
    page.goto(furnished["share_revoked"])
    expect(page.get_by_role("heading")).to_have_text(TITLES["Français"][1])

    for name, (_, title) in TITLES.items():
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("heading")).to_have_text(title)
