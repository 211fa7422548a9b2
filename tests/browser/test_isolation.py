"""Another person's workspace looks nonexistent: each of its URLs responds like one that was never created."""

import pytest
from django.urls import URLPattern, reverse
from django.urls.resolvers import get_resolver
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.faults import NewContext
from tests.browser.site import Site

# A new id starts a draft; the export form and the kinds of labels belong to no workspace.
OF_ONES_OWN = {"video_edit", "video_draft", "audit_log_export", "label_add"}
WHOSE = {
    "comments": "comment_pk",
    "verdicts": "link_pk",  # of none there is, like those of presets, groups and notices
    "inbox": "ready",
    "keys": "key",
    "videos/filters": "link_pk",
    "videos/labels": "kind",
    "videos": "ready",
    "shared/personal": "ready",
    "shared": "link_pk",
    "members/invitations": "invitation_pk",
    "members": "member_pk",
    "replicas": "link_pk",
    "settings": "form",
}


def patterns() -> list[URLPattern]:
    """Return the URL patterns of every workspace page."""
    (inside,) = [each for each in get_resolver().url_patterns if str(each.pattern) == "w/<slug:slug>/"]
    return [pattern for part in inside.url_patterns for pattern in getattr(part, "url_patterns", [part])]


def address(pattern: URLPattern, slug: str, ids: dict[str, str]) -> str:
    route = str(pattern.pattern)
    if "<" not in route:
        return reverse(str(pattern.name), args=[slug])
    whose = next(WHOSE[part] for part in WHOSE if route.startswith(f"{part}/"))
    first = (ids | {"form": "csv", "kind": "tag"})[whose]
    # Nested ids: 1, such as an extra copy of a video; a second video is the same one.
    within = [first if nested.startswith("uuid:") else 1 for nested in route.split("<")[2:]]
    return reverse(str(pattern.name), args=[slug, first, *within])


@pytest.fixture(scope="module")
def rival(site: Site) -> str:
    return str(site.seed("rival"))


@pytest.fixture
def zoe(new_context: NewContext, rival: str) -> Page:
    """A page of Zoe, who owns the workspace `rival`."""
    page = new_context().new_page()
    steps.sign_in(page, "zoe@example.com")
    return page


def test_member_of_another_workspace_gets_404_everywhere(zoe: Page, furnished: dict[str, str]) -> None:
    wanted = [address(pattern, furnished["slug"], furnished) for pattern in patterns()]
    assert len(wanted) > 30

    answers = {url: statuses(zoe, url) for url in wanted}

    assert answers == dict.fromkeys(wanted, (404, 404))


def test_ids_of_another_workspace_are_unknown_in_your_own(zoe: Page, rival: str, furnished: dict[str, str]) -> None:
    slug = rival.split("/")[2]
    named = [pattern for pattern in patterns() if "<" in str(pattern.pattern) and pattern.name not in OF_ONES_OWN]
    wanted = [address(pattern, slug, furnished) for pattern in named]

    answers = {url: statuses(zoe, url) for url in wanted}

    assert {
        url: answer for url, answer in answers.items() if answer[0] not in {404, 405} or answer[1] not in {404, 405}
    } == {}
    assert {url for url, answer in answers.items() if 404 not in answer} == set()


def test_foreign_workspace_looks_like_a_nonexistent_one(zoe: Page, furnished: dict[str, str]) -> None:
    zoe.goto(f"{furnished['workspace']}videos/")
    foreign = zoe.content()
    expect(zoe.get_by_role("heading", level=1)).to_be_visible()

    zoe.goto("/w/never-made/videos/")

    assert zoe.content() == foreign


def test_signed_out_requests_redirect_to_sign_in(new_context: NewContext, furnished: dict[str, str]) -> None:
    stranger = new_context()

    answers = {
        url: stranger.request.get(url, max_redirects=0)
        for url in (address(pattern, furnished["slug"], furnished) for pattern in patterns())
    }

    assert {url for url, answer in answers.items() if answer.status != 302} == set()
    assert {answer.headers["location"].split("?")[0] for answer in answers.values()} == {"/account/login/"}


def statuses(page: Page, url: str) -> tuple[int, int]:
    """Return the statuses of a GET and of a POST with a valid CSRF token."""
    token = page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['x-csrftoken']")
    posted = page.request.post(url, headers={"X-CSRFToken": token}, form={"title": "Mine now"}, max_redirects=0)
    return page.request.get(url, max_redirects=0).status, posted.status
