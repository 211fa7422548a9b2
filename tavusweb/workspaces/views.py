from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.rate_limits import Limit, may_go_on

from .actions import create_own_workspace
from .creation import MayNotCreate, may_create
from .decorators import WorkspaceRequest, in_workspace
from .forms import WorkspaceForm
from .models import Workspace
from .permissions import Permission

LAST_WORKSPACE = "last_workspace"


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Redirect to the workspace used last, or to the list."""
    workspaces = list(Workspace.objects.of(cast(User, request.user)))
    slug = request.session.get(LAST_WORKSPACE)
    only = workspaces[0] if len(workspaces) == 1 else None
    last = next((each for each in workspaces if each.slug == slug), only)
    return redirect(last or "workspaces")


@login_required
@require_safe
def workspace_list(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    memberships = user.memberships.select_related("workspace").order_by("workspace__name", "workspace")
    context = {
        "memberships": memberships,
        "open_workspaces": Workspace.objects.open_to(user),
        "may_create": may_create(user),
    }
    return render(request, "workspaces/workspaces.html", context)


@login_required
def workspace_new(request: HttpRequest) -> HttpResponse:
    form = WorkspaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not _may_create(request):
        form.add_error(None, _("You have created many workspaces today. Try again tomorrow."))
    if request.method == "POST" and form.is_valid():
        try:
            workspace = create_own_workspace(Actor.of(request), form.cleaned_data["name"])
        except MayNotCreate as problem:
            form.add_error(None, str(problem))
        else:
            message = _("%(workspace)s created. Add an API key to create your first video.")
            messages.success(request, message % {"workspace": workspace.name})
            return redirect("keys", workspace.slug)
    return render(request, "workspaces/workspace_new.html", {"form": form}, status=422 if form.errors else 200)


def _may_create(request: HttpRequest) -> bool:
    return may_go_on(Limit.CREATE_WORKSPACE, request.user.pk)


@in_workspace(Permission.WATCH)
@require_safe
def enter(request: WorkspaceRequest) -> HttpResponse:
    request.session[LAST_WORKSPACE] = request.workspace.slug
    return redirect(request.workspace)
