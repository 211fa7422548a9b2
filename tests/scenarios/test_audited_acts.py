"""Every act leaves its one event, in the chain of its workspace, with the act or not at all, and without a secret."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.base import ContentFile
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit import record as recording
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditEvent
from tavusweb.audit.verify import first_break
from tavusweb.keys import sync
from tavusweb.keys.health_states import Health
from tavusweb.keys.models import APIKey, Replica
from tavusweb.keys.sync import CheckResult
from tavusweb.library.models import Folder, Tag
from tavusweb.sharing.models import Branding, LinkTake, OfferedTake, ShareLink
from tavusweb.videos.models import Caption, Video, VideoEvent
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Invitation, Membership, Workspace
from tavusweb.workspaces.permissions import Role
from tests.audit_tables import forget
from tests.conftest import SECRET
from tests.scenarios.test_routes import IN_WORKSPACE, ROWS

TOGETHER = datetime(2026, 11, 1, tzinfo=UTC)
NEW_SECRET = "tavus-key-brand-new-99"
FIRST, TAKE, LINK = uuid.UUID(int=4710), uuid.UUID(int=4711), 4711
STATE: list[type[models.Model]] = [
    Workspace,
    Membership,
    Invitation,
    APIKey,
    Video,
    VideoEvent,
    ShareLink,
    LinkTake,
    Caption,
    Branding,
    OfferedTake,
    User,
]
CAPTIONS = ContentFile(b"WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n", "de.vtt")


@dataclass
class Acme:
    """Whatever an act is done to; `make` leaves a row in the state that the act needs."""

    workspace: Workspace
    key: APIKey
    make_video: Callable[..., Video]
    erik: User
    maria: User
    tokens: list[str] = field(default_factory=list)

    def in_labels(self, kind: str) -> list[Any]:
        return [self.workspace.slug, kind]

    def label(self, kind: str, model: Any) -> list[Any]:
        return [self.workspace.slug, kind, model.objects.create(workspace=self.workspace, name="Winter").pk]

    def trashed_video(self) -> list[Any]:
        return self.video(Status.READY, trashed_at=timezone.now())

    def video(self, status: Status, **fields: Any) -> list[Any]:
        return ["acme", self.make_video(status, **fields).pk]

    def parked(self) -> list[Any]:
        return self.video(Status.WAITING, wait="approval", next_attempt_at=None)

    def extra_copy(self) -> list[Any]:
        video = self.make_video(Status.READY)
        video.record_extra("v-extra", 1)
        return ["acme", video.pk, video.extra_copies.get().pk]

    def invitation(self) -> list[Any]:
        invitation, token = Invitation.issue(self.workspace, email="nora@example.com", role=Role.VIEWER, by=self.maria)
        self.tokens.append(token)
        return ["acme", invitation.pk]

    def link(self) -> list[Any]:
        link = ShareLink.objects.create(video=self.make_video(Status.READY))
        self.tokens.append(link.token)
        return ["acme", link.pk]

    def captioned(self) -> list[Any]:
        [slug, pk] = self.video(Status.READY)
        caption = Caption.objects.create(video_id=pk, language="de", content="WEBVTT\n", cues=2)
        return [slug, pk, caption.pk]

    def revoked_link(self) -> list[Any]:
        args = self.link()
        ShareLink.objects.filter(pk=args[1]).update(revoked_at=timezone.now())
        return args

    def link_and_take(self, status: Status = Status.READY) -> list[Any]:
        self.make_video(status, pk=TAKE, title="Second")
        link = ShareLink.objects.create(pk=LINK, video=self.make_video(Status.READY, pk=FIRST))
        self.tokens.append(link.token)
        return ["acme", link.pk]

    def take_and_link(self) -> list[Any]:
        self.link_and_take()
        return ["acme", TAKE]

    def swapped_link(self) -> list[Any]:
        args = self.link_and_take()
        link = ShareLink.objects.get()
        link.takes.create(video=link.video, since=link.created_at, until=timezone.now())
        ShareLink.objects.update(video=TAKE)
        return args

    def planned_link(self) -> list[Any]:
        args = self.link_and_take(Status.GENERATING)
        ShareLink.objects.get().takes.create(video_id=TAKE)
        return args

    def preset(self) -> list[Any]:
        return ["acme", self.workspace.share_presets.create(name="For clients").pk]

    def some_links(self) -> list[Any]:
        self.link()
        self.link()
        return ["acme"]

    def links_revoked_together(self) -> list[Any]:
        self.some_links()
        ShareLink.objects.update(revoked_at=TOGETHER, revoked_by=self.maria)
        return ["acme"]

    def member(self) -> list[Any]:
        return ["acme", self.workspace.memberships.get(user=self.erik).pk]

    def one_key(self) -> list[Any]:
        return ["acme", self.key.pk]

    def frozen_key(self) -> list[Any]:
        self.key.freeze(by=self.maria)
        return self.one_key()


def room(acme: Acme) -> list[Any]:
    return ["acme"]


GENERATE = {"title": "Hi", "replica_id": "r1", "script": "Hello there, all of you", "background": "none"}
ACTS: list[
    tuple[AuditAction, str, Callable[[Acme], list[Any]], dict[str, Any], tuple[dict[str, Any], dict[str, Any]] | None]
] = [
    (
        AuditAction.SETTINGS_CHANGED,
        "workspace_settings",
        room,
        {"name": "Acme 2"},
        ({"name": "Acme"}, {"name": "Acme 2"}),
    ),
    (AuditAction.SETTINGS_CHANGED, "workspace_requires", room, {"requires": ""}, ({"requires": ""}, {"requires": ""})),
    (
        AuditAction.SETTINGS_CHANGED,
        "audit_log_keep",
        room,
        {"keep_audit_days": "365"},
        ({"keep_audit_days": None}, {"keep_audit_days": 365}),
    ),
    (
        AuditAction.SETTINGS_CHANGED,
        "visit_settings",
        room,
        {"keep_visits_days": "30"},
        ({"keep_visits_days": None}, {"keep_visits_days": 30}),
    ),
    (
        AuditAction.MEMBER_INVITED,
        "invite",
        room,
        {"email": "nora@example.com", "role": "viewer"},
        ({}, {"email": "nora@example.com", "role": "viewer", "works_for_days": 7}),
    ),
    (AuditAction.INVITATION_RENEWED, "renew_invitation", Acme.invitation, {}, None),
    (AuditAction.INVITATION_REVOKED, "revoke_invitation", Acme.invitation, {}, ({}, {})),
    (AuditAction.ROLE_CHANGED, "member_role", Acme.member, {"role": "admin"}, ({"role": "editor"}, {"role": "admin"})),
    (AuditAction.OWNERSHIP_HANDED_OVER, "hand_over", Acme.member, {}, ({"role": "editor"}, {})),
    (AuditAction.MEMBER_REMOVED, "member_remove", Acme.member, {}, ({"role": "editor"}, {})),
    (AuditAction.WORKSPACE_DELETED, "workspace_delete", room, {"name": "Acme"}, ({}, {})),
    (
        AuditAction.KEY_ADDED,
        "key_add",
        room,
        {"name": "Second", "secret": NEW_SECRET},
        ({}, {"name": "Second", "is_sandbox": False}),
    ),
    (AuditAction.KEY_RENAMED, "key_rename", Acme.one_key, {"name": "Prime"}, ({"name": "Main"}, {"name": "Prime"})),
    (AuditAction.KEY_LIMITED, "key_limit", Acme.one_key, {"max_slots": "3"}, ({"max_slots": None}, {"max_slots": 3})),
    (AuditAction.KEY_REPLACED, "key_replace", Acme.one_key, {"secret": NEW_SECRET}, ({}, {})),
    (AuditAction.KEY_FROZEN, "key_freeze", Acme.one_key, {}, ({}, {})),
    (AuditAction.KEY_UNFROZEN, "key_unfreeze", Acme.frozen_key, {}, ({}, {})),
    (AuditAction.KEY_MADE_DEFAULT, "key_default", Acme.one_key, {}, ({}, {})),
    (AuditAction.KEY_DELETED, "key_delete", Acme.one_key, {}, ({}, {})),
    (AuditAction.VIDEO_GENERATED, "video_new", room, GENERATE, None),
    (
        AuditAction.VIDEO_RETRIED,
        "video_retry",
        lambda acme: acme.video(Status.FAILED),
        {},
        ({"status": "failed"}, {}),
    ),
    (
        AuditAction.VIDEO_CANCELLED,
        "video_cancel",
        lambda acme: acme.video(Status.WAITING),
        {},
        ({"status": "waiting"}, {}),
    ),
    (AuditAction.SPENDING_APPROVED, "video_spending_approve", Acme.parked, {}, ({}, {})),
    (AuditAction.SPENDING_DECLINED, "video_spending_decline", Acme.parked, {}, ({}, {})),
    (
        AuditAction.BUDGET_CHANGED,
        "budget",
        room,
        {"monthly_seconds": "60"},
        ({"monthly_seconds": None}, {"monthly_seconds": 60}),
    ),
    (
        AuditAction.VIDEO_RESOLVED,
        "video_resolve_missing",
        lambda acme: acme.video(Status.UNSURE),
        {},
        ({"status": "unsure"}, {}),
    ),
    (
        AuditAction.VIDEO_RESOLVED,
        "video_resolve",
        lambda acme: acme.video(Status.UNSURE),
        {"tavus_id": "abc123"},
        ({"status": "unsure"}, {}),
    ),
    (
        AuditAction.VIDEO_RENAMED,
        "video_rename",
        lambda acme: acme.video(Status.READY),
        {"title": "New"},
        ({"title": "Welcome"}, {"title": "New"}),
    ),
    (AuditAction.VIDEO_DELETED, "video_delete", lambda acme: acme.video(Status.READY), {}, ({"status": "ready"}, {})),
    (AuditAction.VIDEO_DELETED, "video_delete", lambda acme: acme.video(Status.DRAFT), {}, ({"status": "draft"}, {})),
    (
        AuditAction.VIDEOS_CHANGED,
        "videos_selected",
        lambda acme: acme.video(Status.READY)[:1],
        {"every": "on", "act": "delete"},
        ({}, {"videos": 1, "act": "delete"}),
    ),
    (
        AuditAction.VIDEOS_DOWNLOADED,
        "videos_selected",
        lambda acme: acme.video(Status.READY)[:1],
        {"every": "on", "act": "download"},
        ({}, {"videos": 1}),
    ),
    *(
        row
        for kind, model, created, renamed, deleted in (
            ("folder", Folder, AuditAction.FOLDER_CREATED, AuditAction.FOLDER_RENAMED, AuditAction.FOLDER_DELETED),
            ("tag", Tag, AuditAction.TAG_CREATED, AuditAction.TAG_RENAMED, AuditAction.TAG_DELETED),
        )
        for row in (
            (created, "label_add", partial(Acme.in_labels, kind=kind), {"name": "Summer"}, ({}, {})),
            (
                renamed,
                "label_rename",
                partial(Acme.label, kind=kind, model=model),
                {"name": "Summer"},
                ({"name": "Winter"}, {"name": "Summer"}),
            ),
            (deleted, "label_delete", partial(Acme.label, kind=kind, model=model), {}, ({"videos": 0}, {})),
        )
    ),
    (AuditAction.VIDEO_RESTORED, "video_restore", Acme.trashed_video, {}, ({}, {})),
    (AuditAction.VIDEO_DELETED_FOR_GOOD, "video_delete_for_good", Acme.trashed_video, {}, ({"status": "ready"}, {})),
    (AuditAction.VIDEO_COPY_DELETED, "video_copy_delete", Acme.extra_copy, {}, ({"status": "ready"}, {})),
    (
        AuditAction.APPROVAL_REQUESTED,
        "video_approval_request",
        lambda acme: acme.video(Status.READY),
        {"needed": "2"},
        ({}, {"needed": 2}),
    ),
    (
        AuditAction.CAPTIONS_SAVED,
        "captions_save",
        lambda acme: acme.video(Status.READY),
        {"language": "de", "file": CAPTIONS},
        ({}, {"language": "de", "captions": 1, "replaced": False}),
    ),
    (
        AuditAction.CAPTIONS_DELETED,
        "caption_delete",
        Acme.captioned,
        {},
        ({"language": "de", "captions": 2}, {}),
    ),
    (
        AuditAction.BRANDING_CHANGED,
        "branding",
        room,
        {"accent": "#ABC"},
        ({"accent": "", "shows_ai_notice": True}, {"accent": "#aabbcc", "shows_ai_notice": False}),
    ),
    (AuditAction.SHARE_CREATED, "share_link_create", lambda acme: acme.video(Status.READY), {}, ({}, {})),
    (
        AuditAction.SHARE_CHANGED,
        "share_link",
        Acme.link,
        {"view_limit": "5"},
        ({"view_limit": None}, {"view_limit": 5}),
    ),
    (AuditAction.SHARE_REVOKED, "share_link_revoke", Acme.link, {}, ({}, {})),
    (AuditAction.SHARE_RESTORED, "share_link_restore", Acme.revoked_link, {}, ({}, {})),
    (AuditAction.SHARES_CREATED, "share_personal", lambda acme: acme.video(Status.READY), {"recipients": "Ada"}, None),
    (
        AuditAction.SHARE_SENT,
        "share_link_send",
        Acme.link,
        {"recipients": "ada@example.com"},
        ({}, {"addresses": ["ada@example.com"]}),
    ),
    (
        AuditAction.SHARE_POLICY_CHANGED,
        "share_policy",
        room,
        {"max_days": "30", "no_downloads": "on"},
        ({"max_days": None, "allows_download": True}, {"max_days": 30, "allows_download": False}),
    ),
    (
        AuditAction.SHARE_PRESET_SAVED,
        "share_preset_save",
        lambda acme: acme.video(Status.READY),
        {"preset_name": "For clients", "view_limit": "5", "expires": "7"},
        ({}, {"view_limit": 5, "email_rule": "no", "days": 7}),
    ),
    (
        AuditAction.SHARE_PRESET_CHANGED,
        "share_preset_rename",
        Acme.preset,
        {"preset_name": "For boards"},
        ({"name": "For clients"}, {"name": "For boards"}),
    ),
    (
        AuditAction.SHARE_PRESET_CHANGED,
        "share_preset_default",
        Acme.preset,
        {},
        ({"default": ""}, {"default": "For clients"}),
    ),
    (AuditAction.SHARE_PRESET_DELETED, "share_preset_delete", Acme.preset, {}, ({}, {})),
    (
        AuditAction.TAKE_SWAPPED,
        "share_take_swap",
        Acme.link_and_take,
        {"video": TAKE},
        ({"take": "Welcome"}, {"take": "Second"}),
    ),
    (AuditAction.TAKE_SWAPPED, "video_put_behind", Acme.take_and_link, {"link": LINK}, None),
    (
        AuditAction.TAKE_SWAPPED,
        "share_take_undo",
        Acme.swapped_link,
        {"shown": TAKE},
        ({"take": "Second"}, {"take": "Welcome"}),
    ),
    (
        AuditAction.TAKE_PLANNED,
        "share_take_swap",
        lambda acme: acme.link_and_take(Status.GENERATING),
        {"video": TAKE, "when_ready": "on"},
        ({}, {"take": "Second"}),
    ),
    (
        AuditAction.TAKES_OFFERED,
        "share_take_offer",
        Acme.link_and_take,
        {"take": [FIRST, TAKE]},
        ({"takes": []}, {"takes": ["Welcome", "Second"]}),
    ),
    (AuditAction.TAKE_PLAN_DROPPED, "share_take_cancel", Acme.planned_link, {}, ({"take": "Second"}, {})),
    (
        AuditAction.SHARES_REPAIRED,
        "share_links_repair",
        Acme.some_links,
        {"every": "on", "up_to": "99999999", "repair": "expire_30"},
        ({}, {"links": 2, "repair": "expire_30"}),
    ),
    (
        AuditAction.SHARES_REPAIRED,
        "share_links_restore",
        Acme.links_revoked_together,
        {"at": str(int(TOGETHER.timestamp()) * 10**6)},
        ({}, {"links": 2, "repair": "restore"}),
    ),
]
NAMES = [f"{action}-{name}-{number}" for number, (action, name, *_) in enumerate(ACTS)]
each_act = pytest.mark.parametrize(("action", "name", "args", "form", "values"), ACTS, ids=NAMES)


@pytest.fixture
def acme(
    workspace: Workspace, key: APIKey, make_video: Any, erik: User, maria: User, monkeypatch: pytest.MonkeyPatch
) -> Acme:
    monkeypatch.setattr(sync, "check", lambda key, secret="": CheckResult(Health.WORKS))
    return Acme(workspace, key, make_video, erik, maria)


@pytest.fixture
def as_owner(as_maria: Client) -> Client:
    """Maria, signed in before the test's audit log begins."""
    forget()
    return as_maria


# Tested below in this file, in tests/audit, tests/backoffice, tests/sharing, and in test_access_log and test_receivers.
ELSEWHERE = {
    AuditAction.SIGNED_IN,
    AuditAction.SIGN_IN_FAILED,
    AuditAction.SIGNED_OUT,
    AuditAction.ACCOUNT_CHANGED,
    AuditAction.WORKSPACE_CREATED,
    AuditAction.MEMBER_JOINED,
    AuditAction.MEMBER_LEFT,
    AuditAction.SHARE_DENIED,
    AuditAction.SHARE_CLOSED,
    AuditAction.SHARE_REOPENED,
    AuditAction.SHARES_FROZEN,
    AuditAction.SHARES_UNFROZEN,
    AuditAction.REPORTS_DISMISSED,
    AuditAction.VIDEO_APPROVED,
    AuditAction.CHANGES_REQUESTED,
    AuditAction.VERDICT_WITHDRAWN,
    AuditAction.APPROVAL_REQUEST_ENDED,
    AuditAction.COMMENT_DELETED,
    AuditAction.CONFIRM_FAILED,
    AuditAction.PASSWORD_RESET_REQUESTED,
    AuditAction.SESSION_ENDED,
    AuditAction.ACCOUNT_CREATED,
    AuditAction.ENTERED,
    AuditAction.ACCESS_DENIED,
    AuditAction.CERTIFICATE_KEY_ROTATED,
    AuditAction.FIELD_KEYS_ROTATED,
    AuditAction.AUDIT_LOG_READ,
    AuditAction.AUDIT_LOG_EXPORTED,
    AuditAction.AUDIT_LOG_TRIMMED,
    AuditAction.ADMIN_ADDED,
    AuditAction.ADMIN_CHANGED,
    AuditAction.ADMIN_DELETED,
}


# Forms of a workspace that leave no event, and why.
SILENT = {
    "inbox_act": "sorts one's own inbox",
    "inbox_read_all": "sorts one's own inbox",
    "saved_filter_save": "keeps one's own way of looking",
    "saved_filter_delete": "keeps one's own way of looking",
    "key_check": "looks",
    "replicas_refresh": "looks",
    "draft_version": "asks Tavus for nothing yet",
    "video_checks": "writes nothing",
    "video_present": "says only that a page is open",
    "video_version": "asks Tavus for nothing yet",
    "video_versions": "asks Tavus for nothing yet",
    "video_draft": "asks Tavus for nothing yet",
    "video_edit": "is sent like video_new",
    "video_draft_changes": "asks Tavus for nothing yet",
    "video_comments": "the comment itself says who and when",
    "comment_edit": "the comment itself says that it was edited",
    "comment_resolve": "the comment itself says who and when",
    "comment_reopen": "changes nothing that was said",
}


def test_every_form_of_a_workspace_leaves_an_event_or_says_why_not() -> None:
    forms = {name for name, method, answers in ROWS if method == "POST" and name in IN_WORKSPACE}
    elsewhere = {"leave", "join", "join_domain_add", "join_domain_remove", "comment_delete", "videos_undo"} | {
        "video_approve",
        "video_request_changes",
        "video_verdict_withdraw",
    }

    assert forms - {name for _, name, *_ in ACTS} - set(SILENT) == elsewhere


def test_every_action_is_covered() -> None:
    assert {action for action, *_ in ACTS} | ELSEWHERE == set(AuditAction)


def state() -> list[list[Any]]:
    return [list(model.objects.order_by("pk").values_list()) for model in STATE]  # type: ignore[attr-defined]


@each_act
def test_action_leaves_one_event_with_its_changes(
    action: AuditAction, name: str, args: Any, form: dict[str, Any], values: Any, acme: Acme, as_owner: Client
) -> None:
    given = {"api_key": str(acme.key.pk)} if name == "video_new" else {}

    CAPTIONS.seek(0)
    response = as_owner.post(reverse(name, args=args(acme)), form | given)

    assert response.status_code == 302, (
        response.context and response.context.get("form") and response.context["form"].errors
    )
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.chain.name) == (action, "maria@example.com", f"acme#{acme.workspace.pk}")
    assert event.address == "127.0.0.1"
    if values is not None:
        assert (event.before, event.after) == values
    stored = json.dumps(list(AuditEvent.objects.values()), default=str)
    assert not [secret for secret in (SECRET, NEW_SECRET, acme.key.sealed, *acme.tokens) if secret in stored]
    assert first_break(event.chain) is None


@each_act
def test_unrecorded_action_is_not_done(
    action: AuditAction,
    name: str,
    args: Any,
    form: dict[str, Any],
    values: Any,
    acme: Acme,
    as_owner: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*args: Any) -> None:
        raise RuntimeError("The audit log takes nothing")

    where = args(acme)
    given = {"api_key": str(acme.key.pk)} if name == "video_new" else {}
    before = state()
    monkeypatch.setattr(recording, "_append", refuse)

    with pytest.raises(RuntimeError, match="The audit log takes nothing"):
        as_owner.post(reverse(name, args=where), form | given)

    assert state() == before


def test_reading_and_polling_leave_no_event(acme: Acme, as_owner: Client) -> None:
    video = acme.make_video(Status.GENERATING)
    pages = [
        reverse("videos", args=["acme"]),
        reverse("videos_refresh", args=["acme"]) + f"?ids={video.pk}",
        reverse("video", args=["acme", video.pk]),
        reverse("video_panel", args=["acme", video.pk]),
        reverse("members", args=["acme"]),
        reverse("audit_log", args=["acme"]),
    ]

    for page in pages:
        assert as_owner.get(page).status_code == 200

    assert not AuditEvent.objects.exists()


def test_leaving_joining_and_founding(acme: Acme, client: Client) -> None:
    _, token = Invitation.issue(acme.workspace, email="nora@example.com", role=Role.REVIEWER, by=acme.maria)
    client.post(reverse("invitation", args=[token]), {"name": "Nora", "password": "nora-pass-123"})
    client.post(reverse("leave", args=["acme"]))
    client.post(reverse("workspace_new"), {"name": "Solo"})

    events = AuditEvent.objects.exclude(chain__name="instance").order_by("pk")

    assert list(events.values_list("action", "actor", "chain__workspace__slug")) == [
        ("member_joined", "nora@example.com", "acme"),
        ("entered", "nora@example.com", "acme"),
        ("member_left", "nora@example.com", "acme"),
        ("workspace_created", "nora@example.com", "solo"),
    ]
    assert events[0].after == {"role": "reviewer"}


class TestSigningIn:
    def events(self) -> list[tuple[str, str, str]]:
        events = AuditEvent.objects.filter(chain__name="instance").order_by("seq")
        return list(events.values_list("action", "actor", "target"))

    def test_in_and_out_and_in_vain_are_in_the_instances_own_chain(self, maria: User, client: Client) -> None:
        login = reverse("account_login")

        client.post(login, {"login": "maria@example.com", "password": "wrong-pass-123"})
        client.post(login, {"login": "nobody@example.com", "password": "wrong-pass-123"})
        client.post(login, {"login": "maria@example.com", "password": "maria-pass-1"})
        client.post(reverse("account_logout"))

        assert self.events() == [
            ("sign_in_failed", "", "Maria"),
            ("sign_in_failed", "", ""),
            ("signed_in", "maria@example.com", ""),
            ("signed_out", "maria@example.com", ""),
        ]
        assert "wrong-pass-123" not in json.dumps(list(AuditEvent.objects.values()), default=str)

    def test_password_typed_as_an_email_is_not_recorded(self, maria: User, client: Client) -> None:
        client.post(reverse("account_login"), {"login": "my-pass-word@word.example", "password": "maria@example.com"})

        assert "my-pass-word" not in json.dumps(list(AuditEvent.objects.values()), default=str)

    def test_password_change_is_recorded_without_the_password(self, as_maria: Client) -> None:
        as_maria.post(
            reverse("account_change_password"),
            {"oldpassword": "maria-pass-1", "password1": "quite-new-pass-7", "password2": "quite-new-pass-7"},
        )

        event = AuditEvent.objects.filter(action=AuditAction.ACCOUNT_CHANGED).get()
        assert (event.actor, event.after) == ("maria@example.com", {"changed": "sign_in"})


class TestDeniedPages:
    @pytest.fixture
    def locked(self, acme: Acme) -> ShareLink:
        link = ShareLink(video=acme.make_video(Status.READY))
        link.put_password("open sesame")
        link.save()
        return link

    def test_wrong_password_is_recorded_once_an_hour(self, locked: ShareLink, client: Client) -> None:
        for _ in range(3):
            client.post(locked.get_absolute_url(), {"password": "wrong"}, headers={"User-Agent": "Phone"})

        event = AuditEvent.objects.get(action=AuditAction.SHARE_DENIED)
        assert (event.actor, event.address, event.agent, event.after) == (
            "",
            "127.0.0.1",
            "Phone",
            {"shown": "password"},
        )
        assert event.chain.workspace_id == locked.video.workspace_id
        assert locked.token not in json.dumps(list(AuditEvent.objects.values()), default=str)

    @pytest.mark.thorough
    def test_many_strangers_do_not_fill_the_log(self, locked: ShareLink, client: Client) -> None:
        for number in range(30):
            client.post(locked.get_absolute_url(), {"password": "wrong"}, REMOTE_ADDR=f"203.0.113.{number}")

        assert AuditEvent.objects.filter(action=AuditAction.SHARE_DENIED).count() == 20

    def test_looking_records_nothing(self, acme: Acme, client: Client, maria: User) -> None:
        link = ShareLink.objects.create(video=acme.make_video(Status.READY))
        client.get(link.get_absolute_url())
        link.revoke(by=maria)
        client.get(link.get_absolute_url())
        client.get(reverse("share", args=["unknown"]))

        assert not AuditEvent.objects.exists()


class TestAdmin:
    @pytest.fixture
    def as_operator(self, acme: Acme) -> Client:
        client = Client()
        client.force_login(User.objects.create_superuser("root@example.com"))
        return client

    def last(self) -> AuditEvent:
        event = AuditEvent.objects.order_by("pk").last()
        assert event is not None
        return event

    def test_change_is_recorded_in_the_workspace_chain_with_its_values(self, acme: Acme, as_operator: Client) -> None:
        membership = acme.workspace.memberships.get(user=acme.erik)

        as_operator.post(reverse("admin:workspaces_membership_change", args=[membership.pk]), {"role": "viewer"})

        event = self.last()
        assert (event.action, event.actor, event.chain.workspace) == (
            "admin_changed",
            "root@example.com",
            acme.workspace,
        )
        assert (event.before, event.after) == ({"role": "editor"}, {"role": "viewer"})

    def test_event_without_a_workspace_is_in_the_instance_chain(self, as_operator: Client, acme: Acme) -> None:
        as_operator.post(
            reverse("admin:accounts_user_add"),
            {
                "email": "new@example.com",
                "usable_password": "true",
                "password1": "new-pass-1234",
                "password2": "new-pass-1234",
            },
        )

        event = self.last()
        assert (event.action, event.target, event.chain.name) == ("admin_added", "new@example.com", "instance")
        assert "new-pass-1234" not in json.dumps(list(AuditEvent.objects.values()), default=str)

    @pytest.mark.parametrize("how", ["one", "many"])
    def test_deletions_are_written_down_one_by_one(self, how: str, as_operator: Client, acme: Acme) -> None:
        pk = acme.workspace.memberships.get(user=acme.erik).pk
        if how == "one":
            as_operator.post(reverse("admin:workspaces_membership_delete", args=[pk]), {"post": "yes"})
        else:
            chosen = {"action": "delete_selected", "_selected_action": pk, "post": "yes"}
            as_operator.post(reverse("admin:workspaces_membership_changelist"), chosen)

        events = AuditEvent.objects.filter(chain__workspace=acme.workspace).order_by("-seq")[:2]
        assert [(event.action, event.target_pk) for event in events] == [
            ("member_removed", str(acme.erik.pk)),
            ("admin_deleted", str(pk)),
        ]

    @pytest.mark.parametrize("what", ["link", "replica"])
    def test_event_on_an_object_of_a_workspace_is_in_its_chain(
        self, what: str, as_operator: Client, acme: Acme
    ) -> None:
        row: models.Model = (
            ShareLink.objects.create(video=acme.make_video(Status.READY))
            if what == "link"
            else Replica.objects.create(api_key=acme.key, replica_id="r1", seen_at=timezone.now())
        )

        page = f"admin:{row._meta.app_label}_{row._meta.model_name}_delete"
        as_operator.post(reverse(page, args=[row.pk]), {"post": "yes"})

        event = self.last()
        assert (event.action, event.target_pk, event.chain.workspace) == ("admin_deleted", str(row.pk), acme.workspace)

    def test_deleted_second_factor_is_recorded_with_its_owner(self, as_operator: Client, acme: Acme) -> None:
        row = TOTP.activate(acme.erik, "JBSWY3DPEHPK3PXP").instance

        as_operator.post(reverse("admin:mfa_authenticator_delete", args=[row.pk]), {"post": "yes"})

        assert (self.last().target, self.last().before) == ("TOTP Authenticator", {"user": "erik@example.com"})

    @pytest.mark.parametrize("what", ["a password", "many deleted", "an action", "one deleted", "a change"])
    def test_action_that_cannot_be_recorded_is_rolled_back(
        self, what: str, as_operator: Client, acme: Acme, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = EmailAddress.objects.create(user=acme.erik, email=acme.erik.email)
        membership = acme.workspace.memberships.get(user=acme.erik)
        passwords = {"usable_password": "true", "password1": "new-pass-1234", "password2": "new-pass-1234"}
        acts: dict[str, tuple[str, list[Any], dict[str, Any]]] = {
            "a password": ("auth_user_password_change", [acme.erik.pk], passwords),
            "many deleted": (
                "workspaces_membership_changelist",
                [],
                {"action": "delete_selected", "_selected_action": membership.pk, "post": "yes"},
            ),
            "an action": (
                "account_emailaddress_changelist",
                [],
                {"action": "make_verified", "_selected_action": address.pk},
            ),
            "one deleted": ("workspaces_membership_delete", [membership.pk], {"post": "yes"}),
            "a change": ("workspaces_membership_change", [membership.pk], {"role": "viewer"}),
        }

        def refuse(*args: Any) -> None:
            raise RuntimeError("The audit log takes nothing")

        name, args, form = acts[what]
        before = state(), list(EmailAddress.objects.values_list())
        monkeypatch.setattr(recording, "_append", refuse)

        with pytest.raises(RuntimeError, match="The audit log takes nothing"):
            as_operator.post(reverse(f"admin:{name}", args=args), form)

        assert (state(), list(EmailAddress.objects.values_list())) == before
