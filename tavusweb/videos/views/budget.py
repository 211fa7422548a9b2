"""The budget of a workspace, and the answer of an owner or admin to a video that awaits approval."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actor import Actor
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..actions import budget as budget_actions
from ..checks import over_budget
from ..forms.budget import BudgetForm
from ..models import OverBudget, reserved_in
from ..pages import videos_of


@in_workspace(Permission.OWN)
@fresh_sign_in()
def budget(request: WorkspaceRequest) -> HttpResponse:
    """Show and change the budget."""
    form = BudgetForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        people = list(given.pop("approve_people"))
        budget_actions.change_budget(Actor.of(request), request.workspace, people, **given)
        messages.success(request, _("Budget saved."))
        return redirect("budget", request.workspace.slug)
    context = {"form": form, "used": reserved_in(request.workspace.pk)}
    return render(request, "videos/budget.html", context, status=422 if form.errors else 200)


@in_workspace(Permission.MANAGE_SETTINGS)
@require_POST
def spending_approve(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    video = get_object_or_404(videos_of(request), pk=pk)
    try:
        budget_actions.approve_spending(Actor.of(request), video)
        messages.success(request, _("Cost approved. The video will be sent."))
    except OverBudget as problem:
        messages.error(request, over_budget(problem))
    except actions.Moved:
        messages.info(request, _("This changed in the meantime. Here is the current status."))
    return redirect(video.get_absolute_url())


@in_workspace(Permission.MANAGE_SETTINGS)
@require_POST
def spending_decline(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    video = get_object_or_404(videos_of(request), pk=pk)
    try:
        budget_actions.decline_spending(Actor.of(request), video)
        messages.success(request, _("Cost declined. Nothing was charged."))
    except actions.Moved:
        messages.info(request, _("This changed in the meantime. Here is the current status."))
    return redirect(video.get_absolute_url())
