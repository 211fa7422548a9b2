"""The steps of accepting an invitation, as a table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tavusweb.team.invitation_policy import Rules, State, Step, Visitor, decide

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
OPEN = State(email="Nora@Example.com", expires_at=NOW + timedelta(days=1))
KNOWN = replace(OPEN, has_account=True)
MAIL, NO_MAIL = Rules(can_verify=True), Rules(can_verify=False)
STRANGER = Visitor()
NORA = Visitor(email="nora@example.com")
ZOE = Visitor(email="zoe@example.com", verified=frozenset({"zoe@example.com"}))
ZOE_AS_NORA = Visitor(email="zoe@example.com", verified=frozenset({"zoe@example.com", "NORA@example.com"}))


@pytest.mark.parametrize(
    ("rules", "state", "visitor", "step"),
    [
        # Not signed in: only the mailed link, or a server without mail, reveals whether there is an account.
        (MAIL, OPEN, STRANGER, Step.SIGN_UP),
        (MAIL, KNOWN, STRANGER, Step.SIGN_UP),
        (MAIL, OPEN, replace(STRANGER, came_by_mail=True), Step.JOIN_AS_NEWCOMER),
        (MAIL, KNOWN, replace(STRANGER, came_by_mail=True), Step.SIGN_IN),
        (NO_MAIL, OPEN, STRANGER, Step.JOIN_AS_NEWCOMER),
        (NO_MAIL, KNOWN, STRANGER, Step.SIGN_IN),
        # Signed in with the invited address, proven or not.
        (MAIL, KNOWN, NORA, Step.VERIFY_FIRST),
        (MAIL, KNOWN, replace(NORA, came_by_mail=True), Step.JOIN),
        (MAIL, KNOWN, replace(NORA, verified=frozenset({"nora@example.com"})), Step.JOIN),
        (NO_MAIL, KNOWN, NORA, Step.JOIN),
        # Signed in with another address: the mailed link was forwarded, which proves nothing about this account.
        (MAIL, OPEN, ZOE, Step.WRONG_ACCOUNT),
        (MAIL, OPEN, replace(ZOE, came_by_mail=True), Step.WRONG_ACCOUNT),
        (NO_MAIL, OPEN, ZOE, Step.WRONG_ACCOUNT),
        (MAIL, OPEN, ZOE_AS_NORA, Step.JOIN),
    ],
)
def test_each_visitor_gets_one_next_step(rules: Rules, state: State, visitor: Visitor, step: Step) -> None:
    assert decide(rules, state, visitor, NOW) is step


@pytest.mark.parametrize(
    "ended",
    [
        replace(OPEN, is_used=True),
        replace(OPEN, is_revoked=True),
        replace(OPEN, is_backed=False),
        replace(OPEN, expires_at=NOW),
    ],
)
@pytest.mark.parametrize("rules", [MAIL, NO_MAIL])
@pytest.mark.parametrize("visitor", [STRANGER, NORA, ZOE, ZOE_AS_NORA])
def test_ended_invitation_admits_only_members(rules: Rules, ended: State, visitor: Visitor) -> None:
    assert decide(rules, ended, visitor, NOW) is Step.GONE
    assert decide(rules, ended, replace(visitor, is_member=True), NOW) is Step.ENTER
