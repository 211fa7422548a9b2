"""Find share links that violate a workspace's policy, and make them comply, in the database."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from tavusweb.accounts.models import User

from .link_policy import COMMENT_RULES, LinkPolicy, Part
from .visitor_policy import EmailRule


def broken_parts(policy: LinkPolicy, at: datetime) -> dict[Part, Q]:
    """Return, for each part of the policy, the links that violate it."""
    parts = {}
    if last := policy.last_moment(at):
        parts[Part.EXPIRY] = Q(expires_at=None) | Q(expires_at__gt=last)
    if policy.needs_gate:
        parts[Part.GATE] = Q(password_hash="") & ~Q(email_rule=EmailRule.CONFIRMED)
    if not policy.allows_download:
        parts[Part.DOWNLOAD] = Q(allow_download=True)
    if too_much := [rule for rule in COMMENT_RULES if rule not in policy.allowed_comments]:
        parts[Part.COMMENTS] = Q(comments__in=too_much)
    return parts


def breaks(policy: LinkPolicy, at: datetime) -> Q:
    """Return the links that violate any part of the policy."""
    found = Q(pk__in=[])
    for part in broken_parts(policy, at).values():
        found |= part
    return found


def apply_to(links: Any, policy: LinkPolicy, at: datetime, *, by: User, sends_mail: bool) -> None:
    """Make links comply with the policy, each changed as little as possible."""
    gate = {"email_rule": EmailRule.CONFIRMED} if sends_mail else {"revoked_at": at, "revoked_by": by}
    changes: dict[Part, dict[str, Any]] = {
        Part.EXPIRY: {"expires_at": policy.latest_expiry(at)},
        Part.GATE: gate,
        Part.DOWNLOAD: {"allow_download": False},
        Part.COMMENTS: {"comments": policy.comments},
    }
    for part, condition in broken_parts(policy, at).items():
        links.filter(condition).update(**changes[part])
