"""What somebody may do is asked again inside the transaction of the act: a role may have changed since the page opened."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.sharing import actions as sharing
from tavusweb.sharing.models import ShareLink
from tavusweb.team import actions
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Invitation, JoinDomain, Workspace
from tavusweb.workspaces.permissions import Permission, Role


@pytest.fixture
def late(workspace: Workspace, erik: User) -> Actor:
    """Erik, who had opened a page as an owner and has been made a viewer since."""
    workspace.memberships.filter(user=erik).update(role=Role.VIEWER)
    return Actor(erik)


ACTS: dict[str, Callable[[Actor, Workspace, Video, User], Any]] = {
    "invite": lambda actor, acme, video, maria: actions.invite(
        actor, acme, email="nora@example.com", role=Role.VIEWER, lasts_days=7
    ),
    "renew": lambda actor, acme, video, maria: actions.renew(
        actor, Invitation.issue(acme, email="nora@example.com", role=Role.VIEWER, by=maria)[0]
    ),
    "change_role": lambda actor, acme, video, maria: actions.change_role(
        actor, acme.memberships.get(user=actor.user), Role.OWNER
    ),
    "hand_over": lambda actor, acme, video, maria: actions.hand_over(actor, acme.memberships.get(user=maria)),
    "remove": lambda actor, acme, video, maria: actions.remove(actor, acme.memberships.get(user=maria)),
    "allow_domain": lambda actor, acme, video, maria: actions.allow_domain(actor, acme, "team.example"),
    "change_settings": lambda actor, acme, video, maria: actions.change_settings(
        actor, acme, Permission.MANAGE_SETTINGS, name="Mine"
    ),
    "delete_workspace": lambda actor, acme, video, maria: actions.delete_workspace(actor, acme),
    "share": lambda actor, acme, video, maria: sharing.share(actor, video),
}


@pytest.mark.parametrize("name", ACTS)
def test_demoted_inviter_grants_nothing(
    name: str, late: Actor, workspace: Workspace, maria: User, make_video: Callable[..., Video]
) -> None:
    video = make_video(Status.READY)
    events = AuditEvent.objects.count()

    with pytest.raises(PermissionDenied):
        ACTS[name](late, workspace, video, maria)

    roles = dict(workspace.memberships.values_list("user__email", "role"))
    assert roles == {"maria@example.com": Role.OWNER, "erik@example.com": Role.VIEWER}
    assert Workspace.objects.get(pk=workspace.pk).name == "Acme"
    assert not Invitation.objects.filter(invited_by=late.user).exists()
    assert not JoinDomain.objects.exists()
    assert not ShareLink.objects.exists()
    assert AuditEvent.objects.count() == events


def test_admin_cannot_invite_an_owner(workspace: Workspace, erik: User) -> None:
    workspace.memberships.filter(user=erik).update(role=Role.ADMIN)

    with pytest.raises(PermissionDenied):
        actions.invite(Actor(erik), workspace, email="nora@example.com", role=Role.OWNER, lasts_days=7)

    assert not Invitation.objects.exists()
