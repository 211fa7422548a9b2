"""What each role can do, as a table; and that every page of a workspace asks for a permission."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tavusweb.accounts.models import User
from tavusweb.team.views import joining
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission, Permissions, Role, can

TABLE = """
                 viewer reviewer editor admin owner
watch            x      x        x      x     x
comment          -      x        x      x     x
make             -      -        x      x     x
share            -      -        x      x     x
manage_keys      -      -        -      x     x
manage_members   -      -        -      x     x
manage_settings  -      -        -      x     x
read_audit_log   -      -        -      x     x
own              -      -        -      -     x
"""
ROLES, *ROWS = (line.split() for line in TABLE.strip().splitlines())
CASES = [(role, row[0], mark == "x") for row in ROWS for role, mark in zip(ROLES, row[1:], strict=True)]


@pytest.mark.parametrize(("role", "permission", "is_allowed"), CASES)
def test_each_role_has_exactly_these_permissions(role: str, permission: str, is_allowed: bool) -> None:
    assert can(role, Permission(permission)) is is_allowed
    assert getattr(Permissions(role), permission) is is_allowed


def test_table_lists_every_role_and_every_permission() -> None:
    assert set(ROLES) == set(Role.values)
    assert {row[0] for row in ROWS} == set(Permission)


def test_unknown_permission_is_refused() -> None:
    assert not hasattr(Permissions("owner"), "fly")


def views_of_a_workspace() -> Iterator[Any]:
    def walk(resolver: URLResolver, path: str) -> Iterator[Any]:
        for each in resolver.url_patterns:
            here = path + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each, here)
            elif isinstance(each, URLPattern) and here.startswith("w/"):
                yield pytest.param(each.callback, id=here)

    yield from walk(get_resolver(), "")


@pytest.mark.parametrize("view", list(views_of_a_workspace()))
def test_every_workspace_page_requires_a_permission(view: Any) -> None:
    assert view is joining.join or isinstance(view.permission, Permission)


@pytest.mark.parametrize("role", Role.values)
def test_member_pages_are_not_cached(role: str, client: Client, erik: User, workspace: Workspace) -> None:
    erik.memberships.update(role=role)
    client.force_login(erik)

    response = client.get(workspace.get_absolute_url())

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_former_member_gets_404(client: Client, erik: User, workspace: Workspace) -> None:
    client.force_login(erik)
    assert client.get(workspace.get_absolute_url()).status_code == 200

    erik.memberships.all().delete()

    assert client.get(workspace.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("name", "slug"), [("Acme Films", "acme-films"), ("日本", "team"), ("---", "team"), ("x" * 80, "x" * 40)]
)
def test_slug_comes_from_the_name(name: str, slug: str, maria: User) -> None:
    assert Workspace.objects.create_with_owner(name, maria).slug == slug


def test_equal_names_get_different_slugs(maria: User) -> None:
    first, second = (
        Workspace.objects.create_with_owner("Acme", maria),
        Workspace.objects.create_with_owner("Acme", maria),
    )

    assert first.slug == "acme"
    assert second.slug.startswith("acme-")
