"""The rules of a link × the state of its video × what the visitor has proven, as a table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from tavusweb.sharing.visitor_policy import (
    CommentRule,
    Decision,
    EmailRule,
    Right,
    Rules,
    Shows,
    State,
    Step,
    Visitor,
    decide,
    may_watch,
)
from tavusweb.videos.models.status import Status

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
SHOWN = {
    Status.DRAFT: Shows.NOT_READY,
    Status.WAITING: Shows.NOT_READY,
    Status.SENDING: Shows.NOT_READY,
    Status.UNSURE: Shows.NOT_READY,
    Status.QUEUED: Shows.NOT_READY,
    Status.GENERATING: Shows.NOT_READY,
    Status.READY: Shows.VIDEO,
    Status.FAILED: Shows.FAILED,
    Status.CANCELLED: Shows.FAILED,
    Status.DELETED: Shows.DELETED,
}
READY = State(Status.READY)
OPEN = Rules()
LOCKED = Rules(has_password=True)
ANY = Rules(email=EmailRule.ANY)
CODE = Rules(email=EmailRule.CONFIRMED, allowed=frozenset({"@acme.example"}))
ONCE = Rules(view_limit=1)
ALL = Rules(has_password=True, email=EmailRule.CONFIRMED, view_limit=3)
ADA = Visitor(email="ada@acme.example")
CONFIRMED = replace(ADA, is_email_confirmed=True)

GATE = [
    ("an open link asks for nothing", OPEN, Visitor(), None),
    ("a password", LOCKED, Visitor(), Step.PASSWORD),
    ("a password that was entered", LOCKED, Visitor(has_password=True), None),
    ("an address", ANY, Visitor(), Step.EMAIL),
    ("an address that was entered", ANY, ADA, None),
    ("an address that is no longer let in", replace(ANY, denied=frozenset({"ada@acme.example"})), ADA, Step.EMAIL),
    ("an address to be confirmed", CODE, ADA, Step.CODE),
    ("a confirmed address", CODE, CONFIRMED, None),
    ("somebody else's address tells nothing", CODE, Visitor(email="eve@else.example"), Step.CODE),
    ("nor when confirmed", CODE, Visitor(email="eve@else.example", is_email_confirmed=True), Step.CODE),
    ("a limited link", ONCE, Visitor(), Step.WATCH),
    ("a view that was used", replace(ONCE, views_used=1), Visitor(is_admitted=True), None),
    ("all at once: the address first", ALL, Visitor(has_password=True), Step.EMAIL),
    ("then its code", ALL, replace(ADA, has_password=True), Step.CODE),
    ("then the password", ALL, CONFIRMED, Step.PASSWORD),
    ("and last the view", ALL, replace(CONFIRMED, has_password=True), Step.WATCH),
    ("then nothing", ALL, replace(CONFIRMED, has_password=True, is_admitted=True), None),
]
ENDS = [
    ("revoked", Rules(is_revoked=True), Shows.REVOKED),
    ("closed by staff", Rules(is_closed=True), Shows.CLOSED),
    ("expired", Rules(expires_at=BEFORE), Shows.EXPIRED),
    ("expiring this instant", Rules(expires_at=NOW), Shows.EXPIRED),
    ("used up", Rules(view_limit=2, views_used=2), Shows.USED_UP),
    ("used up beyond", Rules(view_limit=1, views_used=2), Shows.USED_UP),
    ("revoked comes before all else", Rules(is_revoked=True, is_closed=True, expires_at=BEFORE), Shows.REVOKED),
]
EVERYTHING = Visitor("ada@acme.example", is_email_confirmed=True, has_password=True, is_admitted=True)


@pytest.mark.parametrize("status", Status)
def test_open_link_shows_the_state_of_its_video(status: Status) -> None:
    assert decide(OPEN, State(status), Visitor(), NOW).shows == SHOWN[status]
    assert decide(OPEN, State(status, is_being_deleted=True), Visitor(), NOW).shows == Shows.DELETED


@pytest.mark.parametrize(("rules", "visitor", "step"), [row[1:] for row in GATE], ids=[row[0] for row in GATE])
def test_gates_are_asked_in_order(rules: Rules, visitor: Visitor, step: Step | None) -> None:
    decision = decide(rules, READY, visitor, NOW)

    assert decision.step == step
    assert decision.shows == (Shows.GATE if step else Shows.VIDEO)
    assert bool(decision.rights) is (step is None)


@pytest.mark.parametrize(("rules", "shows"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
@pytest.mark.parametrize("visitor", [Visitor(), replace(EVERYTHING, is_admitted=False)])
@pytest.mark.parametrize("status", Status)
def test_ended_link_reveals_nothing_else(rules: Rules, shows: Shows, visitor: Visitor, status: Status) -> None:
    assert decide(rules, State(status), visitor, NOW) == Decision(shows)


def test_visitor_who_used_a_view_can_reload_until_the_link_ends() -> None:
    rules = Rules(view_limit=1, views_used=1, expires_at=AFTER)

    assert decide(rules, READY, Visitor(is_admitted=True), NOW).shows == Shows.VIDEO
    assert decide(rules, READY, Visitor(is_admitted=True), AFTER).shows == Shows.EXPIRED


@pytest.mark.parametrize("status", [status for status in Status if SHOWN[status] != Shows.VIDEO])
def test_unwatchable_video_uses_no_view(status: Status) -> None:
    assert decide(ONCE, State(status), Visitor(), NOW).shows == SHOWN[status]


@pytest.mark.parametrize("rights", list(product([False, True], repeat=3)))
def test_rights_are_granted_independently(rights: tuple[bool, bool, bool]) -> None:
    comment, approve, download = rights
    rules = Rules(comments=CommentRule.ANONYMOUS if comment else CommentRule.OFF, approval=approve, download=download)

    granted = decide(rules, READY, Visitor(), NOW).rights

    expected = {Right.COMMENT: comment, Right.APPROVE: approve, Right.DOWNLOAD: download, Right.VIEW: True}
    assert granted == {right for right, is_given in expected.items() if is_given}


@pytest.mark.parametrize("status", [status for status in Status if SHOWN[status] != Shows.VIDEO])
def test_hidden_video_gives_no_rights(status: Status) -> None:
    rules = Rules(comments=CommentRule.NAMED, approval=True, download=True)

    assert not decide(rules, State(status), EVERYTHING, NOW).rights


@pytest.mark.parametrize("status", [Status.READY, Status.DELETED])
@pytest.mark.parametrize(
    ("has_stand_in", "is_being_deleted", "shows"),
    [
        (False, False, Shows.BEING_REPLACED),
        (True, False, Shows.VIDEO),
        (False, True, Shows.DELETED),
        (True, True, Shows.DELETED),
    ],
)
def test_lost_take_is_replaced_by_an_approved_one_or_shown_as_pending(
    status: Status, has_stand_in: bool, is_being_deleted: bool, shows: Shows
) -> None:
    state = State(status, is_being_deleted, is_lost=True, has_stand_in=has_stand_in)
    rules = Rules(comments=CommentRule.NAMED, approval=True, download=True)

    decision = decide(rules, state, Visitor(), NOW)

    assert decision.shows == shows
    assert decision.is_stand_in is (shows == Shows.VIDEO)
    expected = {Right.VIEW, Right.COMMENT, Right.DOWNLOAD} if shows == Shows.VIDEO else set()
    assert decision.rights == expected
    assert decide(LOCKED, state, Visitor(), NOW).step == Step.PASSWORD


LISTS = [
    ("no list", (), (), "ada@acme.example", True),
    ("an address", ("ada@acme.example",), (), "ada@acme.example", True),
    ("in other letters", ("ada@acme.example",), (), " Ada@ACME.example ", True),
    ("a domain", ("@acme.example",), (), "ada@acme.example", True),
    ("not below it", ("@acme.example",), (), "ada@mail.acme.example", False),
    ("not one that ends alike", ("@acme.example",), (), "ada@evilacme.example", False),
    ("somebody else", ("eve@acme.example",), (), "ada@acme.example", False),
    ("denied", (), ("ada@acme.example",), "ada@acme.example", False),
    ("a denied domain", (), ("@acme.example",), "ada@acme.example", False),
    ("an address of a denied domain", ("ada@acme.example",), ("@acme.example",), "ada@acme.example", True),
    ("a denied address of a domain", ("@acme.example",), ("ada@acme.example",), "ada@acme.example", False),
    ("no address", ("@acme.example",), (), "", False),
]


@pytest.mark.parametrize(
    ("allowed", "denied", "email", "is_let_in"), [row[1:] for row in LISTS], ids=[row[0] for row in LISTS]
)
def test_most_specific_entry_decides(
    allowed: tuple[str, ...], denied: tuple[str, ...], email: str, is_let_in: bool
) -> None:
    rules = Rules(email=EmailRule.ANY, allowed=frozenset(allowed), denied=frozenset(denied))

    assert may_watch(rules, email) is is_let_in


def test_gone_page_answers_410() -> None:
    gone = {Shows.REVOKED, Shows.CLOSED, Shows.EXPIRED, Shows.USED_UP, Shows.UNAVAILABLE, Shows.DELETED}

    assert {each for each in Shows if Decision(each).http_status == 410} == gone
