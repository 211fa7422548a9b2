"""Every response has the required headers, whatever is requested by whomever."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.sandbox import replicas
from tavusweb.sandbox.models import SandboxVideo
from tavusweb.workspaces.models import Workspace
from tests.scenarios.test_routes import IN_WORKSPACE, ROUTES, World, make_world
from tests.strictness import Inline, faults


def addresses(seen: World) -> Iterator[tuple[str, str]]:
    """URLs of every route by name, with one object of each kind."""
    rows = {each._meta: each._default_manager.first() for each in admin.site._registry}
    of_admin = {
        f"admin:{meta.app_label}_{meta.model_name}_{page}": [[row.pk]]
        for (meta, row), page in product(rows.items(), ["change", "history", "delete"])
        if row
    }
    videos: list[list[Any]] = [["ready"], ["rendering"], ["failed"], ["deleted"], ["unknown"]]
    others: dict[str, list[list[Any]]] = {
        "openid_connect_login": [["nobody"]],
        "openid_connect_callback": [["nobody"]],
        "account_reset_password_from_key": [["1", "wrong"]],
        "end_session": [[1]],
        "notification_unmute": [[1]],
        "mfa_edit_webauthn": [[1]],
        "mfa_remove_webauthn": [[1]],
        "admin:app_list": [["videos"]],
        "admin:auth_user_password_change": [[1]],
        "admin:view_on_site": [[1, 1]],
        "sandbox:watch": videos,
        "sandbox:stream": videos,
        "sandbox:captions": videos,
        "sandbox:video": videos,
        "sandbox:video_name": videos,
        "sandbox:replica": [["r1"]],
        "sandbox:replica_name": [["r1"]],
        "sandbox:face": [["r1"]],
        "sandbox:face_name": [["r1"]],
        "sandbox:voice": [["ada"], ["nobody"]],
        "sandbox:download": [["ready", "mp4"], ["failed", "mp4"]],
        "sandbox:thumbnail": [["ready", "jpg"], ["failed", "jpg"]],
        "sandbox:portrait": [["ada", "jpg"], ["nobody", "jpg"]],
    }
    for name in ROUTES:
        usual = [seen.args.get(name, ["acme"] if name in IN_WORKSPACE else [])]
        for args in others.get(name) or of_admin.get(name) or usual:
            with suppress(NoReverseMatch):
                yield name, reverse(name, args=args)


FRAMED_BY = {
    "sandbox:watch": "'self'",
    "branding_preview": "'self'",
    "share_embed": "https://blog.example",  # the site that the link allows
}


@pytest.fixture
def sandbox_videos(db: None) -> None:
    """Create one video in each state, named after it."""
    now, long_ago = timezone.now(), timezone.now() - timedelta(hours=1)
    asked = {"replica_id": replicas.STOCK[0].replica_id, "script": "Hello"}
    common = {"key_hash": "0" * 64, "name": "Hello", "request": asked}
    SandboxVideo.objects.create(video_id="ready", created_at=long_ago, **common)
    SandboxVideo.objects.create(video_id="rendering", created_at=now, **common)
    SandboxVideo.objects.create(video_id="deleted", created_at=long_ago, deleted_at=now, **common)
    common["request"] = asked | {"script": "[[reject]]"}
    SandboxVideo.objects.create(video_id="failed", created_at=long_ago, **common)


@pytest.mark.thorough
def test_every_response_has_every_header_and_nothing_inline(sandbox_videos: None, settings: Any) -> None:
    world = make_world()
    settings.SECURE_HSTS_SECONDS = 31_536_000
    User.objects.filter(email="maria@example.com").update(is_staff=True, is_superuser=True)
    everywhere = [*addresses(world), ("", "/nowhere/"), ("", "/w/rival/videos/"), ("", "/sandbox/v2/nowhere")]

    pages, wrong = set(), {}
    for (name, url), person in product(everywhere, ["owner", "signed_out"]):
        answer = world.people[person].get(url, secure=True)
        pages |= {name} if "html" in answer.headers["Content-Type"] else set()
        framed_by = FRAMED_BY.get(name, "'none'") if answer.status_code != 302 else "'none'"
        missing = faults(answer, framed_by=framed_by)
        if not answer.headers["Strict-Transport-Security"].startswith("max-age=31536000"):
            missing.append("HSTS")
        if missing:
            wrong[person, url] = missing

    unseen = set(ROUTES) - {name for name, _ in everywhere}
    assert not wrong
    assert {name for name in unseen if not name.startswith("admin:")} == {"sandbox:None"}, "every route was asked"
    assert len(pages) > 100, len(pages)


@pytest.mark.parametrize(
    ("host", "over_https", "status"),
    [("evil.example", False, 400), ("evil.example", True, 400), ("evil.example:port", True, 400), (None, False, 301)],
)
def test_early_refusals_and_redirects_have_every_header_too(
    host: str | None, over_https: bool, status: int, settings: Any, db: None
) -> None:
    settings.SECURE_SSL_REDIRECT = True

    answer = Client().get("/account/login/", secure=over_https, headers={"host": host} if host else {})

    assert answer.status_code == status
    assert faults(answer) == []


@pytest.mark.parametrize("address", ["/w/acme/videos/", "/w/acme/keys/", "/account/", "/account/two-factor/"])
def test_personal_pages_stay_out_of_caches(address: str, as_maria: Client, workspace: Workspace) -> None:
    response = as_maria.get(address)

    assert response.status_code == 200
    assert "private" in response.headers["Cache-Control"]
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    "html",
    [
        "<p style='color: red'>",
        "<style>p {}</style>",
        "<script>go()</script>",
        "<a href=' JavaScript:go()'>",
        "<img onerror=go()>",
        "<div hx-on:click=go()>",
    ],
)
def test_inline_code_is_detected(html: str) -> None:
    assert Inline(html).found


def test_json_data_is_not_mistaken_for_a_script() -> None:
    assert not Inline('<script type="application/json">{"a": 1}</script><script src="/a.js"></script>text').found
