"""Who a visitor is when they say something: as much as they have proven to the gate."""

from django.http import HttpRequest

from tavusweb.accounts.models import User
from tavusweb.reviews.speaker import Proof, Speaker

from .gate import Entry


def member_of(request: HttpRequest, entry: Entry) -> User | None:
    """The signed-in member of the video's workspace behind a request. Reads the session: only for what is sent."""
    user = request.user
    if not isinstance(user, User):
        return None
    return user if entry.link.video.workspace.memberships.filter(user=user).exists() else None


def speaker_of(request: HttpRequest, entry: Entry, *, name: str = "") -> Speaker:
    gate = {"link": str(entry.link.pk), "link_name": str(entry.link)}
    if member := member_of(request, entry):
        return Speaker(Proof.MEMBER, member.name, member.email, member, **gate)
    email = entry.proven.email
    if email:
        proof = Proof.CODE if entry.proven.is_email_confirmed else Proof.EMAIL
        return Speaker(proof, name, email, **gate)
    return Speaker(Proof.NAME if name else Proof.NONE, name, **gate)
