"""An invitation's link between the request that makes it and the page that shows it, once.

It waits in the session, sealed: at rest there is nothing but the hash of its token.
"""

from dataclasses import dataclass

from django.urls import reverse

from tavusweb.http import absolute_url
from tavusweb.sealing import CannotOpen, seal, unseal
from tavusweb.workspaces.decorators import WorkspaceRequest
from tavusweb.workspaces.models import Invitation

WAITING = "invitation_link"


@dataclass(frozen=True)
class Link:
    invitation: Invitation
    url: str


def link_of(token: str) -> str:
    return absolute_url(reverse("invitation", args=[token]))


def put(request: WorkspaceRequest, invitation: Invitation, token: str) -> None:
    request.session[WAITING] = [invitation.pk, seal(token, row=f"invitation:{invitation.pk}")]


def take(request: WorkspaceRequest) -> Link | None:
    """Return the link that waits for this person in this workspace, once."""
    pk, sealed = request.session.get(WAITING) or (None, "")
    invitation = request.workspace.invitations.outstanding().filter(pk=pk).first() if pk else None
    if invitation is None:
        return None
    del request.session[WAITING]
    try:
        return Link(invitation, link_of(unseal(sealed, row=f"invitation:{invitation.pk}")))
    except CannotOpen:
        return None
