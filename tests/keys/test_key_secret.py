"""The secret of an API key: one door in, one door out, and it shows nowhere."""

import io
import logging
import pickle
import traceback
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.core import serializers
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.views.debug import ExceptionReporter

from tavusweb.accounts.models import User
from tavusweb.keys import sync
from tavusweb.keys.models import APIKey
from tavusweb.reviews.models.certificate import CertificateKey
from tavusweb.sealing import CannotOpen
from tavusweb.videos import wakeup
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tests.conftest import SECRET
from tests.fake_tavus import FakeTavus


def shown(error: BaseException) -> str:
    """Everything that Python and Django would tell of an exception."""
    reporter = ExceptionReporter(None, type(error), error, error.__traceback__)
    parts = [repr(error), "".join(traceback.format_exception(error)), reporter.get_traceback_text()]
    return "\n".join([*parts, reporter.get_traceback_html()])


def database_text() -> str:
    """Every value of every row, as a dump of the database would hold it."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts += [repr(row) for row in cursor.fetchall()]
    return "\n".join(texts)


@pytest.fixture
def added(as_maria: Client, workspace: Workspace, tavus_url: str) -> Any:
    """The answer to adding a key through the page."""
    return as_maria.post(reverse("key_add", args=[workspace.slug]), {"name": "Main", "secret": f" {SECRET}\n"})


def test_key_is_shown_by_its_last_characters(key: APIKey) -> None:
    assert str(key) == "Main (…7890)"
    assert SECRET not in repr(key) + str(key) + repr(vars(key))


@pytest.mark.parametrize(("secret", "tail"), [("x" * 8 + "1234", "1234"), ("short-key-1", ""), ("1234", "")])
def test_short_secret_shows_nothing(secret: str, tail: str, workspace: Workspace) -> None:
    assert APIKey.make(workspace, name="K", secret=secret, is_sandbox=False, by=None).last4 == tail


def test_pickled_or_serialized_key_has_no_secret(key: APIKey) -> None:
    assert SECRET.encode() not in pickle.dumps(key)
    assert SECRET not in serializers.serialize("json", [key])


@pytest.mark.django_db(transaction=True)
def test_database_file_contains_no_secret(added: Any) -> None:
    call_command("dumpdata", stdout=(dump := io.StringIO()))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = Path(str(connection.settings_dict["NAME"])).parent

    assert APIKey.objects.get().last4 == SECRET[-4:]
    assert SECRET not in database_text()
    assert SECRET not in dump.getvalue()
    for path in folder.glob("test-*"):
        assert SECRET.encode() not in path.read_bytes(), path.name


def test_no_page_shows_a_stored_secret(added: Any, as_maria: Client, workspace: Workspace, maria: User) -> None:
    User.objects.update(is_staff=True, is_superuser=True)
    key = APIKey.objects.get()
    here, this = [workspace.slug], [workspace.slug, key.pk]
    pages = [reverse(name, args=here) for name in ("keys", "key_add", "replicas", "videos", "video_new", "members")]
    pages += [reverse("key", args=this), reverse("key_delete", args=this)]
    pages += [f"/admin/keys/apikey/{key.pk}/change/", "/admin/keys/apikey/", f"/admin/keys/apikey/{key.pk}/history/"]

    texts = {page: as_maria.get(page) for page in pages}

    assert {page: response.status_code for page, response in texts.items()} == dict.fromkeys(pages, 200)
    assert not [page for page, response in texts.items() if SECRET in response.content.decode()]
    assert not [page for page, response in texts.items() if key.sealed in response.content.decode()]
    assert SECRET not in repr([str(message) for message in get_messages(added.wsgi_request)])
    assert SECRET not in str(added.cookies) + str(as_maria.session.items())


def test_no_log_line_contains_the_secret(
    caplog: pytest.LogCaptureFixture, as_maria: Client, workspace: Workspace, tavus: FakeTavus, tavus_url: str
) -> None:
    for name in ("", "httpx", "httpcore", "asyncio", "django", "aiohttp"):
        caplog.set_level(logging.DEBUG, logger=name or None)
    address = reverse("key_add", args=[workspace.slug])

    as_maria.post(address, {"name": "Main", "secret": SECRET})
    as_maria.post(address, {"name": "Unknown", "secret": "tavus-key-of-nobody"})
    key = APIKey.objects.get()
    as_maria.post(reverse("key_replace", args=[workspace.slug, key.pk]), {"secret": SECRET})
    as_maria.post(reverse("key_check", args=[workspace.slug, key.pk]))

    lines = [record.getMessage() + repr(record.__dict__) for record in caplog.records]
    assert not [line for line in lines if SECRET in line or "tavus-key-of-nobody" in line]


def test_no_queued_task_contains_the_secret(
    key: APIKey, make_video: Any, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[Any] = []
    monkeypatch.setattr(wakeup, "async_task", lambda *args, **kwargs: queued.append((args, kwargs)))

    with django_capture_on_commit_callbacks(execute=True):
        wakeup.submit_later(make_video())

    assert len(queued) == 1
    assert SECRET.encode() not in pickle.dumps(queued)


@pytest.mark.one_database
@pytest.mark.parametrize("is_debugging", [True, False])
@pytest.mark.parametrize(
    "place",
    [
        "tavusweb.keys.models.key.Tavus",
        "tavusweb.tavus.client.new_transport",
        "tavusweb.tavus.client.Tavus.list_replicas",
        "tavusweb.tavus.transport.AiohttpTransport.handle_async_request",
        "tavusweb.keys.models.key.seal",
    ],
)
def test_connection_error_contains_no_secret(
    place: str, is_debugging: bool, key: APIKey, monkeypatch: pytest.MonkeyPatch, settings: Any, workspace: Workspace
) -> None:
    settings.DEBUG = is_debugging

    def broken(*args: Any, **kwargs: Any) -> None:
        held = (args, kwargs)
        raise RuntimeError(f"broken with {len(held)}")

    monkeypatch.setattr(place, broken)

    def add_and_check() -> None:
        APIKey.make(workspace, name="New", secret=SECRET, is_sandbox=False, by=None)
        sync.check(key)

    with pytest.raises(RuntimeError) as caught:
        add_and_check()

    assert SECRET not in shown(caught.value)


@pytest.mark.parametrize("is_debugging", [True, False])
def test_error_page_contains_no_secret(
    is_debugging: bool, as_maria: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DEBUG = is_debugging
    as_maria.raise_request_exception = False

    def broken(key: APIKey) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(sync, "check", broken)

    page = as_maria.post(reverse("key_add", args=[workspace.slug]), {"name": "Main", "secret": SECRET})

    assert page.status_code == 500
    assert SECRET not in page.content.decode()
    assert not APIKey.objects.exists()


def test_secret_moved_to_another_row_cannot_be_decrypted(key: APIKey, workspace: Workspace) -> None:
    other = APIKey.make(workspace, name="Other", secret="x" * 20, is_sandbox=False, by=None)
    other.sealed = key.sealed

    with pytest.raises(CannotOpen) as caught:
        other.connect()

    assert SECRET not in shown(caught.value)


def test_new_ring_key_seals_and_old_one_still_opens(key: APIKey, settings: Any) -> None:
    settings.FIELD_KEYS = ["bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4=", *settings.FIELD_KEYS]

    assert repr(key.connect()).startswith("Tavus(")
    before = key.sealed.split(".")[1]
    key.put_secret(SECRET)
    assert key.sealed.split(".")[1] != before


# Deleting.


@pytest.mark.parametrize("status", [Status.WAITING, Status.SENDING, Status.UNSURE, Status.QUEUED, Status.GENERATING])
def test_key_needed_by_videos_cannot_be_deleted(status: Status, key: APIKey, make_video: Any, as_maria: Client) -> None:
    make_video(status)

    response = as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]))

    key.refresh_from_db()
    assert "1 video still needs this key" in str(*get_messages(response.wsgi_request))
    assert (key.retired_at, key.is_frozen) == (None, False)
    assert key.connect()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.READY, Status.FAILED, Status.CANCELLED, Status.DELETED])
def test_deleted_key_leaves_only_its_name(status: Status, key: APIKey, make_video: Any, as_maria: Client) -> None:
    video = make_video(status)
    key.replicas.create(replica_id="r1", seen_at=key.created_at)

    as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]))

    key.refresh_from_db()
    video.refresh_from_db()
    assert (key.sealed, key.is_usable, video.api_key) == ("", False, key)
    assert not key.replicas.exists()
    assert not as_maria.get(reverse("keys", args=[key.workspace.slug])).context["keys"]
    with pytest.raises(CannotOpen):
        key.connect()


def test_name_of_a_deleted_key_can_be_reused(key: APIKey, workspace: Workspace) -> None:
    assert key.retire()

    APIKey.make(workspace, name=key.name, secret=SECRET, is_sandbox=False, by=None).save()

    assert APIKey.objects.current().count() == 1


def test_only_one_of_two_deletes_a_key(key: APIKey) -> None:
    assert key.retire()
    assert not key.retire()


def test_no_other_model_has_a_field_for_a_secret() -> None:
    sealed = [
        (model, field.name) for model in apps.get_models() for field in model._meta.fields if field.name == "sealed"
    ]

    assert sealed == [(APIKey, "sealed"), (CertificateKey, "sealed")]
