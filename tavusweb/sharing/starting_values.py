"""Compute the initial values of a new share link's form: a preset, adjusted to the workspace's policy. Pure."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from .link_policy import LinkPolicy
from .visitor_policy import CommentRule, EmailRule

Values = dict[str, Any]
OFFERED_DAYS = (7, 30)  # by a choice of their own in the form
# What a preset holds, as the form has it; of the expiry it holds the days.
KEPT = (
    *("note", "view_limit", "email_rule", "allowed_addresses", "denied_addresses", "comments", "approval"),
    *("shows_transcript", "allow_download", "call_to_action", "call_to_action_url", "embed_sites"),
)


def starting_values(preset: Values, policy: LinkPolicy, at: datetime, *, sends_mail: bool) -> Values:
    """Return the form's initial values. `preset` is what `as_preset` returned, or empty."""
    values = {name: preset[name] for name in KEPT if name in preset}
    days = preset.get("days")
    if policy.max_days:
        days = min(days or policy.max_days, policy.max_days)
    values |= _expiry(days, at)
    if policy.needs_gate and values.get("email_rule") != EmailRule.CONFIRMED and sends_mail:
        values["email_rule"] = EmailRule.CONFIRMED.value
    if not policy.allows_download:
        values["allow_download"] = False
    if values.get("comments", CommentRule.OFF) not in policy.allowed_comments:
        values["comments"] = policy.comments.value
    return values


def as_preset(cleaned: Values, at: datetime) -> Values:
    """Return what a preset stores of a valid form: no name, no password, and an expiry date as a number of days."""
    values = {name: cleaned[name] for name in KEPT if cleaned.get(name) not in (None, "", False)}
    match cleaned["expires"]:
        case "date":
            days: int | None = max(1, (cleaned["expiry_date"] - timezone.localdate(at)).days)
        case "" | "never":
            days = None
        case offered:
            days = int(offered)
    return values | ({"days": days} if days else {})


def _expiry(days: int | None, at: datetime) -> Values:
    if not days:
        return {"expires": "never"}
    if days in OFFERED_DAYS:
        return {"expires": str(days)}
    return {"expires": "date", "expiry_date": timezone.localdate(at + timedelta(days=days))}
