"""Who gets what on which address: every route, every method it knows, every role, a stranger, and somebody signed out.

The table is the expectation. A route that is not in it fails the first test.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.keys import sync
from tavusweb.keys.health_states import Health
from tavusweb.keys.models import Replica
from tavusweb.keys.sync import CheckResult
from tavusweb.library.models import SavedFilter, Tag
from tavusweb.notify.models import Notice
from tavusweb.notify.unsubscribe import Unsubscribe
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import VerdictKind
from tavusweb.reviews.speaker import member_speaker
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Invitation, Workspace
from tavusweb.workspaces.permissions import Role
from tests import cast

PEOPLE = ("owner", "admin", "editor", "reviewer", "viewer", "stranger", "signed_out")

# 200 a page or a fragment; 302 done, or sent on; 422 the form again; 403 not this role; 404 unknown here;
# 405 not by this method. Signed out, 302 leads to sign in.
# fmt: off
TABLE = """
                              owner admin editor reviewer viewer stranger signed_out

workspace              GET    302   302   302    302      302    404      302
videos                 GET    200   200   200    200      200    404      302
videos_refresh         GET    200   200   200    200      200    404      302
commands               GET    200   200   200    200      200    404      302
videos_found           GET    200   200   200    200      200    404      302
videos_selected        GET    405   405   405    403      403    404      302
videos_selected        POST   302   302   302    403      403    404      302
videos_undo            GET    405   405   405    403      403    404      302
videos_undo            POST   302   302   302    403      403    404      302
labels                 GET    200   200   200    403      403    404      302
label_add              GET    405   405   405    403      403    404      302
label_add              POST   302   302   302    403      403    404      302
label_rename           GET    405   405   405    403      403    404      302
label_rename           POST   302   302   302    403      403    404      302
label_delete           GET    405   405   405    403      403    404      302
label_delete           POST   302   302   302    403      403    404      302
saved_filter_save      POST   302   302   302    302      302    404      302
saved_filter_delete    POST   302   404   404    404      404    404      302
video                  GET    200   200   200    200      200    404      302
video_panel            GET    200   200   200    200      200    404      302
video_download         GET    302   302   302    302      302    404      302
video_new              GET    200   200   200    403      403    404      302
video_new              POST   422   422   422    403      403    404      302
video_edit             GET    302   302   302    403      403    404      302
video_edit             POST   422   422   422    403      403    404      302
video_draft            GET    405   405   405    403      403    404      302
video_draft            POST   409   409   409    403      403    404      302
video_checks           POST   200   200   200    403      403    404      302
video_spending_approve GET    405   405   403    403      403    404      302
video_spending_approve POST   302   302   403    403      403    404      302
video_spending_decline POST   302   302   403    403      403    404      302
video_versions         GET    200   200   200    403      403    404      302
video_versions         POST   422   422   422    403      403    404      302
video_version          GET    200   200   200    403      403    404      302
video_version          POST   302   302   302    403      403    404      302
video_present          POST   200   200   200    403      403    404      302
budget                 GET    200   403   403    403      403    404      302
budget                 POST   302   403   403    403      403    404      302
draft_version          GET    200   200   200    403      403    404      302
draft_version          POST   200   200   200    403      403    404      302
video_retry            GET    405   405   405    403      403    404      302
video_retry            POST   302   302   302    403      403    404      302
video_cancel           POST   302   302   302    403      403    404      302
video_resolve_missing  POST   302   302   302    403      403    404      302
video_resolve          POST   422   422   422    403      403    404      302
video_copy_delete      POST   302   302   302    403      403    404      302
video_rename           POST   422   422   422    403      403    404      302
video_delete           GET    405   405   405    403      403    404      302
video_delete           POST   302   302   302    403      403    404      302
video_restore          GET    405   405   405    403      403    404      302
video_restore          POST   302   302   302    403      403    404      302
video_delete_for_good  GET    302   302   302    403      403    404      302
video_delete_for_good  POST   302   302   302    403      403    404      302

captions_save          POST   422   422   422    403      403    404      302
caption                GET    200   200   200    200      200    404      302
caption_delete         POST   302   302   302    403      403    404      302

video_comments         POST   422   422   422    422      403    404      302
video_approve          POST   302   302   302    302      403    404      302
video_request_changes  POST   422   422   422    422      403    404      302
video_verdict_withdraw POST   302   302   302    302      403    404      302
video_approval_request POST   422   422   422    403      403    404      302
video_draft_changes    POST   302   302   302    403      403    404      302
verdict_certificate    GET    200   200   200    200      200    404      302
verdict_certificate_file GET  200   200   200    200      200    404      302
comment_edit           POST   403   403   403    403      403    404      302
comment_resolve        POST   302   302   302    302      403    404      302
comment_reopen         POST   302   302   302    302      403    404      302
comment_delete         POST   302   302   302    403      403    404      302

inbox                  GET    200   200   200    200      200    404      302
inbox_live             GET    200   200   200    200      200    404      302
inbox_read_all         POST   302   302   302    302      302    404      302
inbox_act              POST   302   404   404    404      404    404      302

shared_links           GET    200   200   200    200      200    404      302
share_link             GET    200   200   200    403      403    404      302
share_link             POST   302   302   302    403      403    404      302
share_link_preview     GET    200   200   200    403      403    404      302
share_link_restore     POST   302   302   302    403      403    404      302
share_link_create      GET    405   405   405    403      403    404      302
share_link_create      POST   302   302   302    403      403    404      302
share_link_revoke      POST   302   302   302    403      403    404      302
share_link_takes       GET    200   200   200    403      403    404      302
share_take_swap        POST   404   404   404    403      403    404      302
share_take_undo        POST   302   302   302    403      403    404      302
share_take_cancel      POST   302   302   302    403      403    404      302
share_take_offer       POST   302   302   302    403      403    404      302
takes_to_compare       GET    200   200   200    200      200    404      302
takes_compare          GET    200   200   200    200      200    404      302
video_put_behind       GET    200   200   200    403      403    404      302
video_put_behind       POST   404   404   404    403      403    404      302
link_numbers           GET    200   200   200    200      200    404      302
link_numbers_file      GET    200   200   200    200      200    404      302
video_numbers          GET    200   200   200    200      200    404      302
video_numbers_file     GET    200   200   200    200      200    404      302
visit_settings         GET    200   200   200    200      200    404      302
visit_settings         POST   302   302   403    403      403    404      302
share_link_send        GET    200   200   200    403      403    404      302
share_link_send        POST   422   422   422    403      403    404      302
share_link_qr          GET    200   200   200    200      200    404      302
share_personal         GET    200   200   200    403      403    404      302
share_personal         POST   422   422   422    403      403    404      302
share_personal_file    GET    200   200   200    403      403    404      302
share_policy           GET    200   200   403    403      403    404      302
share_policy           POST   302   302   403    403      403    404      302
share_presets          GET    200   200   200    403      403    404      302
share_preset_save      POST   422   422   422    403      403    404      302
share_preset_rename    POST   422   422   422    403      403    404      302
share_preset_default   POST   302   302   403    403      403    404      302
share_preset_delete    POST   302   302   302    403      403    404      302
share_links_repair     POST   302   302   302    403      403    404      302
share_links_restore    POST   302   302   302    403      403    404      302

keys                   GET    200   200   200    200      200    404      302
key_add                GET    200   200   403    403      403    404      302
key_add                POST   422   422   403    403      403    404      302
key                    GET    200   200   403    403      403    404      302
key_rename             POST   422   422   403    403      403    404      302
key_limit              POST   302   302   403    403      403    404      302
key_replace            POST   422   422   403    403      403    404      302
key_check              POST   302   302   403    403      403    404      302
key_unfreeze           POST   302   302   403    403      403    404      302
key_freeze             GET    405   405   403    403      403    404      302
key_freeze             POST   302   302   403    403      403    404      302
key_default            POST   302   302   403    403      403    404      302
key_delete             GET    200   200   403    403      403    404      302
key_delete             POST   302   302   403    403      403    404      302
replicas               GET    200   200   200    200      200    404      302
replica_grid           GET    200   200   200    200      200    404      302
replica_picker         GET    200   200   200    200      200    404      302
replica                GET    200   200   200    200      200    404      302
replicas_refresh       POST   302   302   302    302      302    404      302

members                GET    200   200   200    200      200    404      302
join                   GET    302   302   302    302      302    404      302
join                   POST   302   302   302    302      302    404      302
join_domain_add        POST   422   422   403    403      403    404      302
join_domain_remove     POST   302   302   403    403      403    404      302
invite                 GET    405   405   403    403      403    404      302
invite                 POST   422   422   403    403      403    404      302
renew_invitation       POST   302   302   403    403      403    404      302
revoke_invitation      POST   302   302   403    403      403    404      302
leave                  GET    200   200   200    200      200    404      302
leave                  POST   302   302   302    302      302    404      302
member                 GET    200   200   403    403      403    404      302
member_role            POST   422   422   403    403      403    404      302
member_remove          GET    200   200   403    403      403    404      302
member_remove          POST   302   302   403    403      403    404      302
hand_over              GET    200   403   403    403      403    404      302
hand_over              POST   302   403   403    403      403    404      302

workspace_settings     GET    200   200   200    200      200    404      302
workspace_settings     POST   422   422   403    403      403    404      302
branding               GET    200   200   403    403      403    404      302
branding               POST   302   302   403    403      403    404      302
branding_preview       GET    200   200   403    403      403    404      302
branding_logo          GET    204   204   403    403      403    404      302
workspace_requires     GET    405   403   403    403      403    404      302
workspace_requires     POST   302   403   403    403      403    404      302
workspace_delete       GET    200   403   403    403      403    404      302
workspace_delete       POST   422   403   403    403      403    404      302
audit_log              GET    200   200   403    403      403    404      302
audit_log_export       GET    200   200   403    403      403    404      302
audit_log_keep         GET    405   403   403    403      403    404      302
audit_log_keep         POST   302   403   403    403      403    404      302

home                   GET    302   302   302    302      302    302      302
workspaces             GET    200   200   200    200      200    200      302
workspace_new          GET    200   200   200    200      200    200      302
workspace_new          POST   422   422   422    422      422    422      302
invitation             GET    200   200   200    200      200    200      200
invitation             POST   403   403   403    403      403    403      422

unsubscribe            GET    200   200   200    200      200    200      200
unsubscribe            POST   200   200   200    200      200    200      200
share                  GET    200   200   200    200      200    200      200
share                  POST   302   302   302    302      302    302      302
share_panel            GET    200   200   200    200      200    200      200
share_visit            POST   204   204   204    204      204    204      204
share_waiting          POST   204   204   204    204      204    204      204
share_comment          POST   422   422   422    422      422    422      422
share_comment_edit     POST   409   409   409    409      409    409      409
share_comment_delete   POST   409   409   409    409      409    409      409
share_replies_confirm  GET    404   404   404    404      404    404      404
share_replies_confirm  POST   404   404   404    404      404    404      404
share_replies_stop     GET    200   200   200    200      200    200      200
share_replies_stop     POST   200   200   200    200      200    200      200
share_approve          POST   422   422   422    422      422    422      422
share_certificate      GET    404   404   404    404      404    404      404
share_certificate_file GET    404   404   404    404      404    404      404
share_withdraw         POST   302   302   302    302      302    302      302
share_changes          POST   422   422   422    422      422    422      422
share_report           GET    200   200   200    200      200    200      200
share_report           POST   422   422   422    422      422    422      422
share_captions         GET    404   404   404    404      404    404      404
share_logo             GET    404   404   404    404      404    404      404
brand_style            GET    200   200   200    200      200    200      200
share_vote             POST   422   422   422    422      422    422      422
share_embed            GET    200   200   200    200      200    200      200
oembed                 GET    404   404   404    404      404    404      404
tavus_callback         GET    405   405   405    405      405    405      405
tavus_callback         POST   204   204   204    204      204    204      204
audio_file             GET    404   404   404    404      404    404      404
certificate_keys       GET    200   200   200    200      200    200      200
healthz                GET    200   200   200    200      200    200      200
readyz                 GET    503   503   503    503      503    503      503
components             GET    302   302   302    302      302    302      302
backoffice_audit_log   GET    302   302   302    302      302    302      302
backoffice_link        GET    302   302   302    302      302    302      302
backoffice_link        POST   302   302   302    302      302    302      302
backoffice_audit_log_export GET 302   302   302    302      302    302      302
backoffice             GET    302   302   302    302      302    302      302
"""
# fmt: on

# Whole groups that answer everybody alike: their own tests say what.
EVERYBODY = "sandbox:"
ACCOUNT = {  # the doors and one's own account: who may be here at all
    "signed in": """
        account account_logout account_reauthenticate account_email account_change_password account_set_password
        notification_settings notification_unmute reauthenticate_by_provider appearance end_session usersessions_list socialaccount_connections
        mfa_index mfa_reauthenticate mfa_reauthenticate_webauthn mfa_activate_totp mfa_deactivate_totp
        mfa_view_recovery_codes mfa_generate_recovery_codes mfa_download_recovery_codes
        mfa_list_webauthn mfa_add_webauthn mfa_edit_webauthn mfa_remove_webauthn
    """,
    "on the way in": """
        account_login account_signup account_inactive account_email_verification_sent account_confirm_login_code
        account_reset_password account_reset_password_done
        account_reset_password_from_key account_reset_password_from_key_done
        mfa_authenticate mfa_login_webauthn
        choose_provider openid_connect_login openid_connect_callback
        socialaccount_login_cancelled socialaccount_login_error socialaccount_signup
    """,
}

SIGNED_IN, ON_THE_WAY_IN = (names.split() for names in ACCOUNT.values())
HEADER, *LINES = (line.split() for line in TABLE.strip().splitlines() if line.strip())
ROWS = [(name, method, dict(zip(PEOPLE, map(int, answers), strict=True))) for name, method, *answers in LINES]


def routes(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The name of every route, `admin:` and `sandbox:` in front where it belongs to them."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from routes(each, space + (f"{each.namespace}:" if each.namespace else ""))
        elif isinstance(each, URLPattern):
            yield f"{space}{each.name}"


ROUTES = list(routes())


SHARE_PAGES = [
    *(
        "panel",
        "visit",
        "waiting",
        "comment",
        "comment_edit",
        "comment_delete",
        "withdraw",
        "certificate",
        "certificate_file",
        "approve",
        "changes",
    ),
    *("replies_confirm", "replies_stop"),
    *("vote", "report", "captions", "logo", "embed"),
]
ALL_VIDEOS = {"videos", "videos_found", "videos_refresh", "videos_selected", "videos_undo"}
GROUP = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
ANY_FORM = {"unknown": "field"}  # an empty one is none


@dataclass
class World:
    """One of everything in Acme, and who comes to look at it."""

    people: dict[str, Client]
    args: dict[str, list[Any]]
    forms: dict[str, dict[str, str]]

    def ask(self, person: str, name: str, method: str, **headers: str) -> Any:
        url = reverse(name, args=self.args.get(name, self.args["w"] if name in IN_WORKSPACE else []))
        return getattr(self.people[person], method.lower())(url, self.forms.get(name, ANY_FORM), headers=headers)


IN_WORKSPACE = {name for name, _, answers in ROWS if answers["stranger"] == 404 and answers["signed_out"] == 302}


def make_world() -> World:
    maria, zoe = cast.maria(), cast.zoe()
    workspace = Workspace.objects.create_with_owner("Acme", maria)
    key = cast.working_key(workspace, maria)
    people: dict[str, Client] = {}
    for role in Role:
        user = maria if role == Role.OWNER else User.objects.create_user(f"{role}@example.com", name=role.label)
        workspace.memberships.get_or_create(user=user, defaults={"role": role})
        people[role] = Client()
        people[role].force_login(user)
    people |= {"stranger": Client(), "signed_out": Client()}
    people["stranger"].force_login(zoe)

    places = {"download_url": "https://files.example/v.mp4", "hosted_url": "https://tavus.video/v1"}
    ready = cast.video(key, maria, Status.READY, **places)
    rules = {"comments": "named", "approval": True, "offers_choice": True, "embed_sites": "https://blog.example"}
    link = ShareLink.objects.create(video=ready, created_by=maria, **rules)
    target = workspace.memberships.create(user=User.objects.create_user("tom@example.com"), role=Role.VIEWER)
    invitation, token = Invitation.issue(workspace, email="nora@example.com", role=Role.VIEWER, by=maria)
    one_by_one = {
        "video": ready.pk,
        "key": key.pk,
        "share_link": link.pk,
        "link": link.pk,
        "share_preset": workspace.share_presets.create(name="For clients").pk,
        "comment": ready.comments.create(name="Ada", body="Hi", proof="name", fingerprint="0" * 64).pk,
        "verdict": reviews.decide(
            Actor(maria), member_speaker(maria), ready, VerdictKind.APPROVED, shown=fingerprint_of(ready)
        ).pk,
        "join_domain_remove": workspace.join_domains.create(domain="example.org").pk,
        "member": target.pk,
        "hand_over": target.pk,
        "invitation": invitation.pk,
    }

    args: dict[str, list[Any]] = {
        "w": ["acme"],
        "invitation": [token],
        "share": [link.token],
        "backoffice_link": [link.pk],
        "unsubscribe": [Unsubscribe(maria.pk, ("comment",)).token],
        **{f"share_{name}": [link.token] for name in SHARE_PAGES},
        "tavus_callback": [ready.callback_secret],
        "audio_file": ["unsigned", "mp3"],
        "brand_style": ["7a34a8"],
        "audit_log_export": ["acme", "csv"],
        "backoffice_audit_log_export": ["csv"],
    }
    for name in IN_WORKSPACE - set(args) - ALL_VIDEOS - {"video_new", "keys", "key_add", "members"}:
        for prefix, pk in one_by_one.items():
            if name.startswith(prefix) or name.endswith(f"_{prefix}"):
                args[name] = ["acme", pk]
    ready.record_extra("v-extra", 1)
    args["video_copy_delete"] = ["acme", ready.pk, ready.extra_copies.get().pk]
    draft = cast.video(key, maria, Status.DRAFT)
    args["draft_version"] = ["acme", draft.pk, draft.versions.create(window="one", fields={"title": "Mine"}).pk]
    args["video_versions"] = args["video_present"] = ["acme", draft.pk]
    args["video_version"] = ["acme", draft.pk, draft.saved_versions.create(fields={"title": "Before"}).pk]
    notice = Notice(recipient=maria, workspace=workspace, kind="video_ready", subject_key="one", about="one", url="/")
    notice.save()
    args["inbox_act"] = ["acme", notice.pk, "close"]
    caption = ready.captions.create(language="en", content="WEBVTT\n", cues=0)
    args["caption"] = args["caption_delete"] = ["acme", ready.pk, caption.pk]
    args["captions_save"] = ["acme", ready.pk]
    args["share_link_create"] = ["acme", ready.pk]
    anna = Replica.objects.create(api_key=key, replica_id="r-anna", seen_at=timezone.now())
    args |= {"replica": ["acme", anna.pk]}
    args |= {f"share_take_{act}": ["acme", link.pk] for act in ("swap", "undo", "cancel")}
    args |= {"share_links_repair": ["acme"], "share_links_restore": ["acme"]}
    ShareLink.objects.create(video=ready, created_by=maria, group=GROUP)
    args |= {"share_personal": ["acme", ready.pk], "share_personal_file": ["acme", GROUP]}
    args |= {"share_policy": ["acme"], "share_presets": ["acme"], "share_preset_save": ["acme", ready.pk]}
    args |= {f"share_take_{act}": ["acme", link.pk] for act in ("swap", "undo", "cancel", "offer")}
    args["saved_filter_delete"] = ["acme", SavedFilter.objects.create(workspace=workspace, user=maria, name="Mine").pk]
    args["label_add"] = ["acme", "folder"]
    tag = Tag.objects.create(workspace=workspace, name="Summer")
    args["label_rename"] = args["label_delete"] = ["acme", "tag", tag.pk]
    args["takes_to_compare"] = ["acme", ready.pk]
    args["takes_compare"] = ["acme", ready.pk, cast.video(key, maria, Status.READY).pk]
    return World(people, args, {"audit_log_keep": {"keep_audit_days": "365"}, "key_limit": {"max_slots": "3"}})


@pytest.fixture(scope="module")
def first_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    yield from cast.lasting(make_world, django_db_blocker)


@pytest.fixture
def world(first_world: World, db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """The one world of this module as it was made, with nothing yet in anybody's browser but the session."""
    monkeypatch.setattr(sync, "check", lambda key: CheckResult(Health.WORKS))
    people = {person: cast.same_session(client) for person, client in first_world.people.items()}
    return replace(first_world, people=people)


@pytest.mark.parametrize("time", ["once", "once more"])
def test_changes_by_a_test_are_rolled_back(time: str, world: World) -> None:
    assert world.ask("viewer", "videos", "GET").status_code == 200

    world.ask("viewer", "leave", "POST")
    world.people["owner"].logout()

    assert [world.ask(person, "videos", "GET").status_code for person in ("viewer", "owner")] == [404, 302]


def test_every_route_is_in_the_table() -> None:
    known = {name for name, _, _ in ROWS} | {*SIGNED_IN, *ON_THE_WAY_IN}

    unknown = [name for name in ROUTES if name not in known and not name.startswith(("admin:", EVERYBODY))]

    assert not unknown
    assert not known - set(ROUTES), "and nothing else is"


@pytest.mark.parametrize(("name", "method", "answers"), ROWS, ids=[f"{name}-{method}" for name, method, _ in ROWS])
@pytest.mark.thorough
def test_every_role_gets_what_the_table_says(name: str, method: str, answers: dict[str, int], world: World) -> None:
    given = {}
    for person in PEOPLE:
        with transaction.atomic():  # each finds the world as it was
            given[person] = world.ask(person, name, method).status_code
            transaction.set_rollback(True)

    assert given == answers


def test_denied_page_explains_why(world: World) -> None:
    assert "Your role doesn’t allow this" in world.ask("viewer", "key_add", "GET").content.decode()


KNOWN = {(name, method) for name, method, _ in ROWS}


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("name", "method"), sorted(set(product({name for name, _ in KNOWN} - {"components"}, ["GET", "POST"])) - KNOWN)
)
def test_method_outside_the_table_is_refused_even_to_the_owner(name: str, method: str, world: World) -> None:
    assert world.ask("owner", name, method).status_code == 405


@pytest.mark.one_database
@pytest.mark.parametrize(("name", "method"), [(name, method) for name, method, _ in ROWS if name in IN_WORKSPACE])
def test_signed_out_person_is_sent_to_sign_in(name: str, method: str, world: World) -> None:
    page, fragment = (
        world.ask("signed_out", name, method),
        world.ask("signed_out", name, method, **{"HX-Request": "true"}),
    )

    assert page["Location"].startswith(reverse("account_login"))
    if method == "GET":
        assert page["Location"].endswith(f"?next={quote(page.wsgi_request.get_full_path())}"), "and back"
    assert (fragment.status_code, fragment["HX-Refresh"], fragment.content) == (204, "true", b"")


@pytest.mark.parametrize("name", sorted(IN_WORKSPACE))
def test_objects_of_another_workspace_are_404_under_the_own_slug(name: str, world: World) -> None:
    """The address says their workspace, the number says ours."""
    args = world.args.get(name, ["acme"])
    of_rows = [each for each in args[1:] if each not in {"csv", "folder"}]
    methods = [method for each, method, answers in ROWS if each == name and answers["owner"] != 405]
    url = reverse(name, args=["rival", *args[1:]])

    asks = [getattr(world.people["stranger"], method.lower()) for method in methods]
    answers = [ask(url, world.forms.get(name, ANY_FORM)).status_code for ask in asks]

    assert [answer == 404 for answer in answers] == [bool(of_rows)] * len(methods)


@pytest.mark.thorough
def test_back_office_is_open_only_to_staff(world: World) -> None:
    operator = Client()
    operator.force_login(User.objects.create_superuser("root@example.com"))
    pages = [reverse("admin:index"), reverse("components"), reverse("backoffice_audit_log")] + [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")
        for model, page in product(admin.site._registry, ["changelist", "add"])
    ]

    for url in pages:
        answers = {person: world.people[person].get(url).status_code for person in PEOPLE}
        assert answers == dict.fromkeys(PEOPLE, 302), url
        assert operator.get(url).status_code in {200, 403}, url


@pytest.mark.one_database
@pytest.mark.parametrize("name", SIGNED_IN)
def test_account_pages_require_sign_in(name: str, world: World) -> None:
    args = [1] if name in {"end_session", "notification_unmute", "mfa_edit_webauthn", "mfa_remove_webauthn"} else []

    answers = [getattr(world.people["signed_out"], method)(reverse(name, args=args)) for method in ("get", "post")]

    assert {answer.status_code for answer in answers} <= {302, 405}
    assert all(
        answer["Location"].startswith((reverse("account_login"), "/"))
        for answer in answers
        if answer.status_code == 302
    )


@pytest.mark.parametrize(
    "name", ["sandbox:guide", "sandbox:videos", "sandbox:replicas", "account_login", "account_reset_password"]
)
def test_public_route_never_redirects_to_sign_in(name: str, world: World) -> None:
    response = world.people["signed_out"].get(reverse(name))

    assert response.status_code in {200, 401}
