"""The admin's search finds what was typed in any case, with or without accents, in every script, on both databases."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory

from tavusweb.accounts.models import User
from tavusweb.search_field import Folded
from tavusweb.text_policy import fold
from tavusweb.workspaces.models import Workspace
from tests.texts import FOLDED


@pytest.fixture
def staff(client: Client, maria: User) -> Client:
    User.objects.update(is_staff=True, is_superuser=True)
    client.force_login(maria)
    return client


def found(client: Client, address: str, typed: str) -> list[str]:
    page: Any = client.get(f"/admin/{address}/", {"q": typed})
    return [str(row) for row in page.context["cl"].result_list]


@pytest.mark.parametrize(("written", "typed"), FOLDED)
def test_folded_in_the_database_as_in_the_program(written: str, typed: str, maria: User) -> None:
    User.objects.update(name=written)

    assert User.objects.annotate(f=Folded("name")).values_list("f", flat=True).get() == fold(written)
    assert fold(typed) in fold(written)


@pytest.mark.parametrize("typed", ["ecole", "ÉCOLE", "E\u0301cole", "école lyon", "\uff25cole", '"école"'])
def test_workspace_and_person_are_found_however_they_are_written(typed: str, staff: Client, maria: User) -> None:
    Workspace.objects.create_with_owner("École de Lyon", maria)
    Workspace.objects.create_with_owner("Acme", maria)
    User.objects.create_user("x@example.com", "x-pass-12345", name="Zoë École, Lyon")

    assert found(staff, "workspaces/workspace", typed) == ["École de Lyon"]
    assert found(staff, "accounts/user", typed) == ["Zoë École, Lyon"]


def test_row_is_found_by_what_it_belongs_to(staff: Client, make_video: Any) -> None:
    video = make_video(title="Straße")

    assert found(staff, "videos/video", "strasse ACME maria@") == [str(video)]
    assert found(staff, "videos/video", str(video.pk)) == [str(video)]
    assert found(staff, "videos/video", str(video.pk)[:8]) == []


def test_invisible_search_finds_nothing(staff: Client, make_video: Any) -> None:
    make_video()

    assert found(staff, "videos/video", "\u200b") == []
    assert len(found(staff, "videos/video", " ")) == 1


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model.__name__)
def test_every_search_of_the_admin_can_be_made(model: Any, maria: User) -> None:
    request = RequestFactory().get("/")
    request.user = maria
    model_admin = admin.site._registry[model]

    rows, _ = model_admin.get_search_results(request, model._base_manager.all(), "Ünï 100%_\\' x@y")

    assert list(rows[:1]) == []
