from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tavusweb.accounts.forms import JoinForm
from tavusweb.accounts.freshness import fresh_sign_in
from tavusweb.accounts.models import User

from .access import Act
from .doors import WorkspaceRequest, in_workspace
from .forms import InvitationForm, WorkspaceForm
from .models import Invitation, Workspace
from .requirements import RequirementForm

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
    mine = cast(User, request.user).memberships.select_related("workspace").order_by("workspace__name", "workspace")
    return render(request, "workspaces/workspaces.html", {"memberships": mine})


@login_required
def workspace_new(request: HttpRequest) -> HttpResponse:
    form = WorkspaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workspace = Workspace.objects.found(form.cleaned_data["name"], cast(User, request.user))
        messages.success(request, f"{workspace.name} is ready. Add an API key to make the first video.")
        return redirect("keys", workspace.slug)
    return render(request, "workspaces/workspace_new.html", {"form": form}, status=422 if form.errors else 200)


@in_workspace(Act.WATCH)
@require_safe
def enter(request: WorkspaceRequest) -> HttpResponse:
    request.session[LAST_WORKSPACE] = request.workspace.slug
    return redirect(request.workspace)


@in_workspace(Act.WATCH)
@require_safe
def members(request: WorkspaceRequest) -> HttpResponse:
    return _members(request, _invitation_form(request))


@in_workspace(Act.MANAGE_MEMBERS)
@require_POST
def invite(request: WorkspaceRequest) -> HttpResponse:
    form = _invitation_form(request, request.POST)
    if not form.is_valid():
        return _members(request, form, status=422)
    invitation, token = Invitation.issue(request.workspace, **form.cleaned_data, by=request.user)
    link = settings.SITE_URL + reverse("invitation", args=[token])
    return _members(request, _invitation_form(request), issued=invitation, link=link)


@in_workspace(Act.MANAGE_MEMBERS)
@require_POST
def revoke_invitation(request: WorkspaceRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(request.workspace.invitations, pk=pk)
    if invitation.revoke():
        messages.success(request, f"The invitation for {invitation.email} no longer works.")
    return redirect("members", request.workspace.slug)


def _invitation_form(request: WorkspaceRequest, data: object = None) -> InvitationForm:
    return InvitationForm(
        data,
        workspace=request.workspace,
        may_make_owners=request.membership.may(Act.OWN),
    )


def _members(request: WorkspaceRequest, form: InvitationForm, *, status: int = 200, **shown: object) -> HttpResponse:
    memberships = request.workspace.memberships.select_related("user").order_by("user__name", "user__email")
    invitations = (
        request.workspace.invitations.open(timezone.now()).select_related("invited_by").order_by("-created_at")
    )
    context = {"form": form, "memberships": memberships, "invitations": invitations, **shown}
    return render(request, "workspaces/members.html", context, status=status)


@in_workspace(Act.WATCH)
def workspace_settings(request: WorkspaceRequest) -> HttpResponse:
    if request.method == "POST" and not request.membership.may(Act.MANAGE_SETTINGS):
        raise PermissionDenied
    form = WorkspaceForm(request.POST or None, instance=request.workspace)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("workspace_settings", request.workspace.slug)
    request.workspace.refresh_from_db()  # the shell shows the saved name, not a refused one
    return _settings(request, form, RequirementForm(request=request, workspace=request.workspace))


@in_workspace(Act.OWN)
@fresh_sign_in()
@require_POST
def workspace_requires(request: WorkspaceRequest) -> HttpResponse:
    form = RequirementForm(request.POST, request=request, workspace=request.workspace)
    if form.is_valid():
        Workspace.objects.filter(pk=request.workspace.pk).update(requires=form.cleaned_data["requires"])
        messages.success(request, "Saved.")
        return redirect("workspace_settings", request.workspace.slug)
    return _settings(request, WorkspaceForm(instance=request.workspace), form)


def _settings(request: WorkspaceRequest, form: WorkspaceForm, requirement_form: RequirementForm) -> HttpResponse:
    context = {"form": form, "requirement_form": requirement_form}
    is_refused = form.errors or requirement_form.errors
    return render(request, "workspaces/settings.html", context, status=422 if is_refused else 200)


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation. Only the button does: mail scanners open links."""
    found = Invitation.objects.open(timezone.now()).by_token(token).select_related("workspace", "invited_by").first()
    if found is None:
        return render(request, "workspaces/invitation_gone.html", status=404)
    signed_in = request.user.is_authenticated
    has_account = signed_in or User.objects.filter(email__iexact=found.email).exists()
    form = None if has_account else JoinForm(request.POST or None, email=found.email)
    if request.method == "POST" and (signed_in or (form and form.is_valid())):
        user = _accept(request, found, form)
        if user is None:
            return render(request, "workspaces/invitation_gone.html", status=404)
        messages.success(request, f"Welcome to {found.workspace.name}.")
        return redirect(found.workspace)
    context = {
        "invitation": found,
        "form": form,
        "needs_sign_in": has_account and not signed_in,
        "is_for_another": signed_in and cast(User, request.user).email.lower() != found.email.lower(),
    }
    response = render(request, "workspaces/invitation.html", context, status=422 if form and form.errors else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def _accept(request: HttpRequest, found: Invitation, form: JoinForm | None) -> User | None:
    """The new member; None when the invitation was taken in the meantime."""
    try:
        with transaction.atomic():
            user = form.save() if form else cast(User, request.user)
            if not found.accept(user):
                transaction.set_rollback(True)
                return None
    except IntegrityError:  # a second click: the first has just made this account
        return None
    if form:
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return user
