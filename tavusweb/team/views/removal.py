"""A member goes: what becomes of the links they shared."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tavusweb.accounts.models import User
from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.sharing.models import ShareLink, ShareLinkQuerySet
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from ..actions import end_membership
from ..pages import check_granted, find_member


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
def member_remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Remove a member, and as the remover chooses their live links; a GET asks first."""
    found = find_member(request, pk)
    check_granted(request, found)
    links = _live_links(request, found.user)
    if request.method != "POST":
        return render(request, "workspaces/member_remove.html", {"member": found, "link_count": links.count()})
    with transaction.atomic():
        # Links before the trail, as who revokes a single one does: two who wait for each other would wait for ever.
        to_revoke = links if "revoke_links" in request.POST else ()
        revoked = [link for link in to_revoke if link.revoke(by=request.user)]
        if removed := end_membership(request, found, AuditAction.MEMBER_REMOVED):
            for link in revoked:
                record(Actor.of(request), AuditAction.SHARE_REVOKED, target=link)
        else:
            transaction.set_rollback(True)
    if removed:
        links_too = f" Share links revoked: {len(revoked)}." if revoked else ""
        messages.success(request, f"{found.user.display_name} is no longer a member.{links_too}")
    return redirect("members", request.workspace.slug)


def _live_links(request: WorkspaceRequest, user: User) -> ShareLinkQuerySet:
    links = ShareLink.objects.current().filter(video__workspace=request.workspace, created_by=user)
    return links.select_related("video")
