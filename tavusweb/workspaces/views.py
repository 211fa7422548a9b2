from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tavusweb.accounts.models import User
from tavusweb.rate_limits import may_go_on

from .actions import create_workspace
from .decorators import WorkspaceRequest, in_workspace
from .forms import WorkspaceForm
from .models import Workspace
from .permissions import Permission

LAST_WORKSPACE = "last_workspace"


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where one was last, or the list of one's workspaces."""
    mine = list(Workspace.objects.of(cast(User, request.user)))
    slug = request.session.get(LAST_WORKSPACE)
    here = next((each for each in mine if each.slug == slug), mine[0] if len(mine) == 1 else None)
    return redirect(here or "workspaces")


@login_required
@require_safe
def workspace_list(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    mine = user.memberships.select_related("workspace").order_by("workspace__name", "workspace")
    return render(
        request, "workspaces/workspaces.html", {"memberships": mine, "open_ones": Workspace.objects.open_to(user)}
    )


@login_required
def workspace_new(request: HttpRequest) -> HttpResponse:
    form = WorkspaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not _may_found(request):
        form.add_error(None, "You have made many workspaces today. Go on with another tomorrow.")
    if request.method == "POST" and form.is_valid():
        workspace = create_workspace(form.cleaned_data["name"], cast(User, request.user), request=request)
        messages.success(request, f"{workspace.name} is ready. Add an API key to make the first video.")
        return redirect("keys", workspace.slug)
    return render(request, "workspaces/workspace_new.html", {"form": form}, status=422 if form.errors else 200)


def _may_found(request: HttpRequest) -> bool:
    return may_go_on("found", request.user.pk, most=20, seconds=24 * 60 * 60)


@in_workspace(Permission.WATCH)
@require_safe
def enter(request: WorkspaceRequest) -> HttpResponse:
    request.session[LAST_WORKSPACE] = request.workspace.slug
    return redirect(request.workspace)
