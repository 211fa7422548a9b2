"""Every model in the admin: it opens, it is found, it costs the same for one row and for twenty, it tells no secret."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule, Success
from django_q.signing import SignedPackage
from pytest_django import DjangoDbBlocker

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditChain, AuditEvent
from tavusweb.audit.record import record
from tavusweb.engine.models import Lease
from tavusweb.keys.models import APIKey, Replica
from tavusweb.reviews.models import Comment, Verdict, Vote
from tavusweb.sandbox.models import SandboxReplica, SandboxVideo
from tavusweb.sharing.models import LinkTake, OfferedTake, Report, ShareLink, Visit
from tavusweb.videos.models import AudioFile, Video, VideoEvent
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Invitation, JoinDomain, Membership, Workspace
from tavusweb.workspaces.permissions import Role
from tests import cast

Model = type[models.Model]
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
NAMELESS: set[Model] = {Lease, OrmQ}  # nothing to search by


@dataclass
class World:
    """One row of every model, and the secrets that are in them."""

    rows: dict[Model, models.Model]
    secrets: list[str] = field(default_factory=list)


def make_world() -> World:
    n, now = Workspace.objects.count() + 1, timezone.now()
    user = User.objects.create_user(f"u{n}@example.com", "a-pass-word", name=f"U{n}")
    workspace = Workspace.objects.create_with_owner(f"W{n}", user)
    invitation, invitation_token = Invitation.issue(workspace, email=f"i{n}@example.com", role=Role.VIEWER, by=user)
    secret = f"secret-of-the-key-{n:04d}"
    key = APIKey.make(workspace, name=f"K{n}", secret=secret, is_sandbox=False, by=user)
    key.save()
    audio = AudioFile.objects.create(
        workspace=workspace, name=f"a{n}.mp3", extension="mp3", size=1, seconds=4, uploaded_by=user, file=f"a{n}"
    )
    video = Video.objects.create(
        workspace=workspace, created_by=user, title=f"V{n}", api_key=key, audio=audio, status=Status.READY
    )
    link = ShareLink.objects.create(video=video, created_by=user, name=f"L{n}")
    factor_secret = f"secret-of-the-factor-{n:04d}"
    factor = TOTP.activate(user, factor_secret).instance
    task = {"func": "tavusweb.backoffice.maintenance.tidy", "started": now, "stopped": now, "name": f"t{n}"}
    queued = SignedPackage.dumps({"id": f"q{n}", "name": f"q{n}", "func": "tidy", "args": (), "kwargs": {}})
    record(Actor(user), AuditAction.KEY_ADDED, workspace=workspace, target=key, after={"secret": secret})
    rows: list[models.Model] = [
        AuditChain.objects.get(workspace=workspace),
        user,
        workspace,
        invitation,
        key,
        audio,
        video,
        link,
        Membership.objects.get(user=user),
        workspace.join_domains.create(domain=f"d{n}.example", added_by=user),
        Replica.objects.create(api_key=key, replica_id=f"r{n}", name=f"R{n}", seen_at=now),
        VideoEvent.objects.create(
            video=video, actor=user, kind="renamed", provider_message=f"Happened {n}", data={"title": f"Happened {n}"}
        ),
        Comment.objects.create(video=video, name=f"C{n}", body=f"Said {n}", proof="name"),
        Verdict.objects.create(video=video, name=f"J{n}", kind="approved", proof="name"),
        Vote.objects.create(video=video, name=f"O{n}", link=str(n), voter=f"name:{n}", proof="name"),
        OfferedTake.objects.create(link=link, video=video, position=0),
        LinkTake.objects.create(link=link, video=video, by=user),
        Report.objects.create(link=link, reason="other", details=f"Reported {n}"),
        Visit.objects.create(link=link, number=f"{n:032x}", viewer="v"),
        Lease.objects.create(name=f"l{n}", holder="h", renewed_at=now, expires_at=now),
        SandboxVideo.objects.create(
            key_hash="0" * 64, video_id=f"s{n}", name=f"S{n}", request={"replica_id": "r"}, created_at=now
        ),
        SandboxReplica.objects.create(
            key_hash="0" * 64, replica_id=f"r{n}", name=f"R{n}", request={"model_name": "phoenix-4"}, created_at=now
        ),
        Group.objects.create(name=f"G{n}"),
        EmailAddress.objects.create(user=user, email=user.email),
        factor,
        SocialAccount.objects.create(user=user, provider="corp", uid=f"sub-{n}", extra_data={"at": factor_secret}),
        Schedule.objects.create(name=f"P{n}", func="tavusweb.backoffice.maintenance.tidy"),
        Success.objects.create(id=f"ok-{n}", success=True, **task),
        Failure.objects.create(id=f"no-{n}", success=False, result="Broke", **task),
    ]
    if "orm" in settings.Q_CLUSTER:  # else Redis is the queue, and the admin has no page for it
        rows.append(OrmQ.objects.create(key="tavusweb", payload=queued, lock=now))
    hidden = [
        secret,
        factor_secret,
        factor.data["secret"],
        key.sealed,
        video.callback_secret,
        invitation.token_hash,
        invitation_token,
        link.token,
    ]
    return World({type(row): row for row in rows}, [*hidden, user.password])


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    yield from cast.lasting(make_world, django_db_blocker)


def sign_in_operator() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", "root-pass-12", name="Root"))
    return client


@pytest.fixture(scope="module")
def operator(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[Client]:
    yield from cast.lasting(sign_in_operator, django_db_blocker)


@pytest.fixture
def as_operator(operator: Client, db: None) -> Client:
    return cast.same_session(operator)


def list_url(model: Model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def row_url(row: models.Model, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def queries_of(client: Client, url: str, **query: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url, query)

    assert response.status_code == 200, url
    return len(captured)


def label(model: Model) -> str:
    return model._meta.label


def test_every_model_is_registered(world: World) -> None:
    assert set(REGISTERED) == set(world.rows)


def costs(model: Model, world: World, client: Client) -> list[int]:
    """How many queries each page of a model takes."""
    row = world.rows[model]
    pages: list[tuple[str, dict[str, str]]] = [(list_url(model), {}), (row_url(row), {}), (row_url(row, "history"), {})]
    if model not in NAMELESS:
        pages.append((list_url(model), {"q": "1"}))
    return [queries_of(client, url, **query) for url, query in pages]


@pytest.fixture(scope="class")
def costs_of_one(
    world: World, operator: Client, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[Model, list[int]]]:
    """What each model's pages cost with one row; nineteen more were made since."""

    def measure_and_make_more() -> dict[Model, list[int]]:
        for concrete in (True, False):
            ContentType.objects.get_for_models(*REGISTERED, for_concrete_models=concrete)  # remembered from now on
        measured = {model: costs(model, world, operator) for model in REGISTERED}
        for _ in range(19):
            make_world()
        return measured

    yield from cast.lasting(measure_and_make_more, django_db_blocker)


class TestCost:
    @pytest.mark.thorough
    @pytest.mark.parametrize("model", REGISTERED, ids=label)
    def test_query_count_does_not_depend_on_the_rows(
        self, model: Model, world: World, costs_of_one: dict[Model, list[int]], as_operator: Client
    ) -> None:
        assert model.objects.count() >= 20

        assert costs(model, world, as_operator) == costs_of_one[model]

    def test_query_count_does_not_depend_on_the_members(self, world: World, as_operator: Client) -> None:
        workspace = world.rows[Workspace]
        queries_of(as_operator, row_url(workspace))

        with_one = queries_of(as_operator, row_url(workspace))
        for n in range(19):
            member = User.objects.create_user(f"member-{n}@example.com")
            Membership.objects.create(workspace=workspace, user=member, role=Role.VIEWER)

        assert queries_of(as_operator, row_url(workspace)) == with_one

    def test_query_count_does_not_depend_on_the_timeline(self, world: World, as_operator: Client) -> None:
        video = world.rows[Video]
        queries_of(as_operator, row_url(video))

        with_one = queries_of(as_operator, row_url(video))
        for n in range(19):
            VideoEvent.objects.create(
                video=video, actor=User.objects.create_user(f"by-{n}@example.com"), kind="retried"
            )

        assert queries_of(as_operator, row_url(video)) == with_one


@pytest.mark.parametrize("model", REGISTERED, ids=label)
def test_no_page_shows_a_secret(model: Model, as_operator: Client, world: World) -> None:
    row = world.rows[model]
    pages = [list_url(model), row_url(row), row_url(row, "history"), row_url(row, "delete")]

    html = "".join(as_operator.get(page).content.decode() for page in pages)

    assert not [secret for secret in world.secrets if secret in html]
    assert "csp-nonce" not in html


def lookups_of_secrets(model: Model, world: World) -> list[tuple[str, str]]:
    """Each column of the row that holds one, its first letters, and the model's own ways to ask for them."""
    asked = []
    for column in model._meta.concrete_fields:
        text = str(column.value_from_object(world.rows[model]))
        for secret in world.secrets:
            if secret and secret in text:
                ways = ("", "__startswith", "__icontains", "__regex", "__isnull", "__secret__startswith")
                asked += [(column.name + way, secret[:5]) for way in ways]
    return asked


def test_search_for_secrets_covers_every_place(world: World) -> None:
    asked = {(model, name) for model in REGISTERED for name, _ in lookups_of_secrets(model, world)}

    assert asked >= {
        (ShareLink, "token__startswith"),
        (Video, "callback_secret__startswith"),
        (Invitation, "token_hash__startswith"),
        (APIKey, "sealed__startswith"),
        (Authenticator, "data__secret__startswith"),
        (SocialAccount, "extra_data__icontains"),
        (User, "password__startswith"),
    }


@pytest.mark.parametrize("model", REGISTERED, ids=label)
def test_filters_cannot_reveal_a_secret(model: Model, as_operator: Client, world: World) -> None:
    asked = lookups_of_secrets(model, world)

    answered = [
        lookup for lookup, value in asked if as_operator.get(list_url(model), {lookup: value}).status_code != 400
    ]

    assert not answered


@pytest.mark.thorough
@pytest.mark.parametrize("model", REGISTERED, ids=label)
def test_every_offered_filter_works(model: Model, as_operator: Client, world: World) -> None:
    changelist = as_operator.get(list_url(model)).context["cl"]
    choices = [choice["query_string"] for spec in changelist.filter_specs for choice in spec.choices(changelist)]
    dates = [f"?{changelist.date_hierarchy}__year=2026"] if changelist.date_hierarchy else []

    answers = [as_operator.get(list_url(model) + query).status_code for query in [*choices, *dates]]

    assert set(answers) <= {200}


@pytest.mark.parametrize("model", [model for model in REGISTERED if model not in NAMELESS], ids=label)
def test_search_finds_its_rows(model: Model, as_operator: Client, world: World) -> None:
    rows = [world.rows[model], make_world().rows[model]]
    by = {
        JoinDomain: "domain",
        Video: "title",
        VideoEvent: "provider_message",
        ShareLink: "video",
        Report: "details",
        Visit: "link",
        LinkTake: "video",
        OfferedTake: "video",
        Membership: "user",
        User: "email",
        Authenticator: "user",
        SocialAccount: "uid",
    }
    words = str(getattr(rows[0], by[model])) if model in by else str(getattr(rows[0], "name", "") or rows[0].email)

    results = as_operator.get(list_url(model), {"q": words}).context["cl"].queryset

    assert rows[0].pk in {row.pk for row in results}
    assert rows[1].pk not in {row.pk for row in results}


def test_freezing_does_not_overwrite_the_worker(
    as_operator: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    key: Any = world.rows[APIKey]
    load = admin.site._registry[APIKey].get_object

    def load_and_be_overtaken(*args: Any, **kwargs: Any) -> Any:
        loaded = load(*args, **kwargs)
        APIKey.objects.update(health="works", last4="new4")
        return loaded

    monkeypatch.setattr(admin.site._registry[APIKey], "get_object", load_and_be_overtaken)

    as_operator.post(row_url(key), {"is_frozen": "on", "requests_at_once": "8", "_save": "Save"})

    stored = APIKey.objects.get()
    assert (stored.is_frozen, stored.health, stored.last4) == (True, "works", "new4")


def test_freezing_in_the_admin_records_who(as_operator: Client, world: World) -> None:
    key: Any = world.rows[APIKey]
    APIKey.objects.update(replicas_refresh_at=timezone.now() + timedelta(hours=1))

    as_operator.post(row_url(key), {"is_frozen": "on", "requests_at_once": "8", "_save": "Save"})
    frozen = APIKey.objects.get()
    as_operator.post(row_url(key), {"requests_at_once": "8", "_save": "Save"})
    unfrozen = APIKey.objects.get()

    assert (frozen.is_frozen, str(frozen.frozen_by)) == (True, "Root")
    assert (unfrozen.is_frozen, unfrozen.frozen_by) == (False, None)
    assert unfrozen.replicas_refresh_at <= timezone.now(), "the worker looks at it at once, as after every thaw"
    events = AuditEvent.objects.filter(action=AuditAction.ADMIN_CHANGED, chain__workspace=key.workspace).order_by("seq")
    assert list(events.values_list("before", "after")) == [
        ({"is_frozen": False}, {"is_frozen": True}),
        ({"is_frozen": True}, {"is_frozen": False}),
    ]


@pytest.mark.parametrize("status", ["deleted", "replaced"])
def test_former_key_cannot_be_unfrozen(status: str, as_operator: Client, world: World) -> None:
    key: Any = world.rows[APIKey]
    since = timezone.now()
    gone = {"retired_at": since} if status == "deleted" else {"successor": key}
    APIKey.objects.update(frozen_at=since, **gone)

    as_operator.post(row_url(key), {"requests_at_once": "7", "_save": "Save"})

    stored = APIKey.objects.get()
    assert (stored.frozen_at, stored.requests_at_once) == (since, 7)


def test_key_viewer_can_see_keys(client: Client, world: World, db: None) -> None:
    viewer = User.objects.create_user("viewer@example.com", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_apikey"))
    client.force_login(viewer)

    assert client.get(row_url(world.rows[APIKey])).status_code == 200


def test_schedules_cannot_be_created(as_operator: Client, world: World) -> None:
    schedule = world.rows[Schedule]

    added = as_operator.post(reverse("admin:django_q_schedule_add"), {"func": "os.getcwd"})
    changed = as_operator.post(row_url(schedule), {"func": "os.getcwd"})

    assert (added.status_code, changed.status_code) == (403, 403)


def test_admin_uses_the_sites_sign_in(client: Client, db: None) -> None:
    response = client.get(reverse("admin:index"), follow=True)

    assert response.redirect_chain[-1] == (f"{reverse('account_login')}?next=%2Fadmin%2F", 302)


def test_member_without_staff_status_is_refused(client: Client, world: World, db: None) -> None:
    client.force_login(world.rows[User])

    assert client.get(reverse("admin:index"), follow=True).status_code == 403
