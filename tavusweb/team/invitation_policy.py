"""Decide what a person who opens an invitation link is asked to do. Pure: all inputs are arguments."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Step(StrEnum):
    GONE = "gone"  # used, revoked, expired, or its maker may no longer invite
    ENTER = "enter"  # already a member, following an old link
    WRONG_ACCOUNT = "wrong_account"
    VERIFY_FIRST = "verify_first"  # the right account, whose address is not proven yet
    SIGN_IN = "sign_in"
    SIGN_UP = "sign_up"  # create an account that a mailed code activates, then come back
    JOIN_AS_NEWCOMER = "join_as_newcomer"  # create an account and join with one form
    JOIN = "join"


@dataclass(frozen=True, slots=True)
class Rules:
    """`can_verify`: whether this server can send the code that proves an address."""

    can_verify: bool


@dataclass(frozen=True, slots=True)
class State:
    """Where an invitation stands. `is_backed`: whether its maker could still make it."""

    email: str
    expires_at: datetime
    is_used: bool = False
    is_revoked: bool = False
    is_backed: bool = True
    has_account: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who opened the link. `email` is "" for a visitor who is not signed in; `verified` holds proven addresses."""

    email: str = ""
    verified: frozenset[str] = frozenset()
    came_by_mail: bool = False
    is_member: bool = False


def decide(rules: Rules, state: State, visitor: Visitor, at: datetime) -> Step:
    """Return the next step. Whether an account exists is revealed only to a visitor who proves the address.

    A copied link proves nothing, because the person who invites can read it; the mailed one does. A server that sends
    no mail cannot ask for more than the link.
    """
    if state.is_used or state.is_revoked or state.expires_at <= at or not state.is_backed:
        return Step.ENTER if visitor.is_member else Step.GONE
    proves_address = visitor.came_by_mail or not rules.can_verify
    if visitor.email:
        return _decide_for_account(state, visitor, proves_address=proves_address)
    if not proves_address:
        return Step.SIGN_UP
    return Step.SIGN_IN if state.has_account else Step.JOIN_AS_NEWCOMER


def _decide_for_account(state: State, visitor: Visitor, *, proves_address: bool) -> Step:
    is_addressed = visitor.email.lower() == state.email.lower()
    is_verified = state.email.lower() in {each.lower() for each in visitor.verified}
    if is_verified or (is_addressed and proves_address):
        return Step.JOIN
    return Step.VERIFY_FIRST if is_addressed else Step.WRONG_ACCOUNT
