"""The workspace's share link policy."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tavusweb.accounts.adapters import sends_mail
from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actor import Actor
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..forms.policy import PolicyForm
from ..link_policy import LinkPolicy
from ..models import policy_of
from ..policy_reach import breaks
from ..ranking import is_live, links_of

SHOWN = 50  # of the links that a policy touches
ALL, NEW = "all", "new"


@in_workspace(Permission.MANAGE_SETTINGS)
@fresh_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def share_policy(request: WorkspaceRequest) -> HttpResponse:
    """Show or change the policy. If live links violate it, list them first and ask what to do with them."""
    if request.method != "POST":
        policy = policy_of(request.workspace)
        return _page(request, PolicyForm.showing(policy), policy)
    form, answer = PolicyForm(request.POST), request.POST.get("apply", "")
    if not form.is_valid():
        return _page(request, form, LinkPolicy(), status=422)
    policy = form.policy()
    if answer not in {ALL, NEW} and _touched(request, policy).exists():
        return _page(request, form, policy, is_asking=True)
    changed = actions.change_policy(Actor.of(request), request.workspace, policy, is_for_live_links=answer == ALL)
    words = ngettext("Policy saved. %(count)d link changed.", "Policy saved. %(count)d links changed.", changed)
    messages.success(request, words % {"count": changed} if changed else _("Policy saved."))
    return redirect("share_policy", request.workspace.slug)


def _touched(request: WorkspaceRequest, policy: LinkPolicy) -> Any:
    now = timezone.now()
    return links_of(request.workspace).filter(is_live(now)).filter(breaks(policy, now))


def _page(
    request: WorkspaceRequest, form: PolicyForm, policy: LinkPolicy, *, is_asking: bool = False, status: int = 200
) -> HttpResponse:
    touched = _touched(request, policy)
    count = touched.count()
    now, links = timezone.now(), list(touched.select_related("video", "created_by")[:SHOWN])
    for link in links:
        link.problems = policy.problems(link.rules, now).values()
    context = {
        "form": form,
        "links": links,
        "count": count,
        "more": max(0, count - SHOWN),
        "is_asking": is_asking,
        "revokes_open_links": policy.needs_gate and not sends_mail(),
    }
    return render(request, "sharing/share_policy.html", context, status=status)
