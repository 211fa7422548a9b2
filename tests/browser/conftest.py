"""One site for all tests and a fresh browser context for each; every test also checks for browser faults."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import steps
from tests.browser.faults import Faults, NewContext
from tests.browser.site import Site

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE = 8_000  # ms
MADE_AT_ONCE = 10  # workspaces

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if not CHROMIUM:
        pytest.skip("no Chromium was found; CHROMIUM names one")
    return {"executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    try:
        site.start()
        yield site
        assert site.crashes() == []
    finally:
        site.stop()


@pytest.fixture(scope="session")
def furnished(site: Site) -> dict[str, str]:
    """Maria's workspace with one of everything, by the names in seeds.py."""
    addresses: dict[str, str] = site.seed("furnished")
    return addresses


@pytest.fixture
def new_context(browser: Browser, site: Site) -> Iterator[NewContext]:
    """`new_context(**options)`: a browser context, closed and checked for faults after the test."""
    watched = []

    def make(**options: Any) -> BrowserContext:
        options = {"base_url": site.url, "locale": "en-GB"} | options
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        watched.append((context, Faults(context, options["base_url"])))
        return context

    yield make
    for context, _ in watched:
        context.close()
    assert [fault for _, faults in watched for fault in faults.seen()] == []


@pytest.fixture(scope="session")
def maria_is_signed_in(browser: Browser, site: Site) -> Any:
    """Maria's cookies; she signs in once for all tests."""
    with browser.new_context(base_url=site.url) as context:
        steps.sign_in(context.new_page())
        return context.storage_state()


@pytest.fixture
def as_maria(new_context: NewContext, maria_is_signed_in: Any) -> NewContext:
    """`as_maria(**options)`: a context with Maria signed in."""
    return lambda **options: new_context(storage_state=maria_is_signed_in, **options)


@pytest.fixture
def page(as_maria: NewContext) -> Page:
    """Maria's page."""
    return as_maria().new_page()


@pytest.fixture
def workspace(site: Site, _workspaces: list[str]) -> str:
    """The path of an empty workspace of Maria's with a sandbox key."""
    if not _workspaces:
        _workspaces += site.seed("workspaces", MADE_AT_ONCE)
    return _workspaces.pop()


@pytest.fixture(scope="session")
def _workspaces() -> list[str]:
    return []
