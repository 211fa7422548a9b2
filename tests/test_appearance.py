"""Theme and contrast chosen for a browser; and the page for an address that only receives forms."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tavusweb.appearance import COOKIE, Appearance

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize(
    ("cookie", "classes"),
    [
        ("", ""),
        ("system", ""),
        ("light", "light"),
        ("dark", "dark"),
        ("dark.more", "dark more-contrast"),
        ("system.more", "more-contrast"),
        ('x" onload="y', ""),
        ("dark.more.more", "dark"),
    ],
)
def test_cookie_becomes_classes_and_nothing_else(cookie: str, classes: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = cookie

    assert Appearance.of(request).classes == classes


def test_choice_is_kept_in_this_browser_and_drawn_without_scripts(as_maria: Client, maria: Any) -> None:
    page = reverse("appearance")
    with CaptureQueriesContext(connection) as queries:
        answer = as_maria.post(page, {"theme": "dark", "has_more_contrast": "on"}, follow=True)

    assert '<html lang="en" class="dark more-contrast">' in answer.text
    assert '<html lang="en">' in Client().get(reverse("account_login")).text
    assert not [query for query in queries if "accounts_user" in query["sql"] and query["sql"].startswith("UPDATE")]
    as_maria.post(page, {"theme": "system"})
    assert '<html lang="en">' in as_maria.get(page).text


def test_unknown_theme_is_refused(as_maria: Client) -> None:
    answer = as_maria.post(reverse("appearance"), {"theme": "pink"})

    assert answer.status_code == 422
    assert COOKIE not in answer.cookies


class TestMethodNotAllowed:
    def test_browser_that_opens_a_forms_address_gets_a_page(self, as_maria: Client) -> None:
        answer = as_maria.get(reverse("replicas_refresh", args=["acme"]), headers=BROWSER)

        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "<h1>This page can’t be opened directly</h1>" in answer.text

    @pytest.mark.parametrize(("method", "headers"), [("get", {}), ("put", BROWSER), ("head", BROWSER)])
    def test_other_clients_get_an_empty_one(self, method: str, headers: dict[str, str], as_maria: Client) -> None:
        answer = getattr(as_maria, method)(reverse("replicas_refresh", args=["acme"]), headers=headers)

        assert (answer.status_code, answer.content) == (405, b"")


def test_manifest_names_icons_that_exist_in_their_size() -> None:
    static = Path(settings.BASE_DIR) / "static"
    icons = json.loads((static / "app.webmanifest").read_text())["icons"]

    for icon in icons:
        content = (static / icon["src"]).read_bytes()
        if size := re.fullmatch(r"(\d+)x\1", icon["sizes"]):
            assert int.from_bytes(content[16:20]) == int.from_bytes(content[20:24]) == int(size[1])
