"""Identify visitors who comment or decide: as far as they have proven themselves to the gate."""

from typing import Any

from django.http import HttpRequest

from tavusweb.accounts.models import User
from tavusweb.http import address_group
from tavusweb.rate_limits import Limit, may_go_on
from tavusweb.reviews.speaker import Proof, Speaker

from .gate import Entry


def member_of(request: HttpRequest, entry: Entry) -> User | None:
    """Return the signed-in member of the video's workspace. Reads the session, so only POSTs call it."""
    user = request.user
    if not isinstance(user, User):
        return None
    return user if entry.link.video.workspace.memberships.filter(user=user).exists() else None


def speaker_of(request: HttpRequest, entry: Entry, *, name: str = "", guest: str = "") -> Speaker:
    """Return the author of what is sent. `guest` is the hash of a guest's mark; members need none."""
    link = entry.link
    gate: dict[str, Any] = {"link": str(link.pk), "link_name": str(link), "gate_owner": link.created_by_id}
    if member := member_of(request, entry):
        return Speaker(Proof.MEMBER, member.name, member.email, member, **gate)
    email = entry.proven.email
    gate |= {"guest": guest}
    if email:
        proof = Proof.CODE if entry.proven.is_email_confirmed else Proof.EMAIL
        return Speaker(proof, name, email, **gate)
    return Speaker(Proof.NAME if name else Proof.NONE, name, **gate)


def is_known(request: HttpRequest, entry: Entry) -> bool:
    """Return whether a name would add nothing: a member, or someone with a confirmed address."""
    return entry.proven.is_email_confirmed or member_of(request, entry) is not None


def may_write(request: HttpRequest, entry: Entry) -> bool:
    """Count one more comment or answer from this address and link; False beyond the limit."""
    link = entry.link
    by_address = may_go_on(Limit.COMMENT, f"{link.pk} {address_group(request)}")
    return by_address and may_go_on(Limit.COMMENT_LINK, link.pk)
