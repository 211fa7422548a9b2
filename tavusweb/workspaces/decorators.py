"""The one way into a workspace's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode

from tavusweb.accounts.models import User

from . import access_log, sign_in_policy
from .models import Membership, Workspace
from .permissions import Permission


class WorkspaceRequest(HttpRequest):
    """A request that came through `in_workspace`."""

    user: User
    workspace: Workspace
    membership: Membership


def _to_sign_in(request: HttpRequest, slug: str) -> HttpResponse:
    """The sign-in page; a fragment of a page whose session has ended makes the whole page go there.

    Afterwards one comes back to the page that was asked for; an address that was sent a form may be none.
    """
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    is_page = request.method in {"GET", "HEAD"}
    return redirect_to_login(request.get_full_path() if is_page else reverse("workspace", args=[slug]))


def _to_join(request: HttpRequest, slug: str) -> HttpResponse:
    """To the question whether one wants to join, for whom the workspace is open to; else it does not exist."""
    if not Workspace.objects.open_to(cast(User, request.user)).filter(slug=slug).exists():
        raise Http404
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    wanted = {"next": request.get_full_path()} if request.method == "GET" else {}
    return redirect(f"{reverse('join', args=[slug])}?{urlencode(wanted)}")


def at_the_door(view: Callable[[HttpRequest, Workspace], HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Open a view to whom a workspace is open to who is not in it; a member is let in, for others it does not exist."""

    @wraps(view)
    def door(request: HttpRequest, slug: str) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request, slug)
        if found := Workspace.objects.open_to(request.user).filter(slug=slug).first():
            return view(request, found)
        return redirect(get_object_or_404(Workspace.objects.of(request.user), slug=slug))

    return door


def in_workspace(act: Permission) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Open a view to members whose role allows `act`; for everybody else the workspace does not exist.

    The view gets `request.workspace` and `request.membership`, and no slug.
    """

    def may_send_files(request: HttpRequest, slug: str, **kwargs: Any) -> bool:
        """Asked before anything of them is received."""
        user = cast(User, request.user)
        found = Membership.objects.filter(workspace__slug=slug, user=user).first() if user.is_authenticated else None
        return found is not None and found.can(act)

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def door(request: Any, slug: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request, slug)
            membership = (
                Membership.objects.select_related("workspace").filter(workspace__slug=slug, user=request.user).first()
            )
            if membership is None:
                return _to_join(request, slug)
            if not membership.can(act):
                access_log.note_refused(request, membership)
                raise PermissionDenied
            if not sign_in_policy.is_met(membership.workspace.requires, request):
                return sign_in_policy.lead_through(request, membership.workspace)
            request.session.pop(sign_in_policy.GO_ON, None)
            request.workspace, request.membership = membership.workspace, membership
            access_log.note(request, membership.workspace)
            try:
                response = view(request, **kwargs)
            except PermissionDenied:
                access_log.note_refused(request, membership)
                raise
            if isinstance(response, HttpResponse) and not response.has_header("Cache-Control"):
                response["Cache-Control"] = "private, no-store"
            return response

        door.act = act  # type: ignore[attr-defined]
        door.may_send_files = may_send_files  # type: ignore[attr-defined]
        return door

    return decorate
