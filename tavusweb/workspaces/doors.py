"""The one way into a workspace's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from tavusweb.accounts.models import User

from . import requirements
from .access import Act
from .models import Membership, Workspace


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


def in_workspace(act: Act) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Open a view to members whose role allows `act`; for everybody else the workspace does not exist.

    The view gets `request.workspace` and `request.membership`, and no slug.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def door(request: Any, slug: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request, slug)
            membership = (
                Membership.objects.select_related("workspace").filter(workspace__slug=slug, user=request.user).first()
            )
            if membership is None:
                raise Http404
            if not membership.may(act):
                raise PermissionDenied
            if not requirements.is_met(membership.workspace.requires, request):
                return requirements.lead_through(request, membership.workspace)
            request.session.pop(requirements.GO_ON, None)
            request.workspace, request.membership = membership.workspace, membership
            response = view(request, **kwargs)
            if isinstance(response, HttpResponse) and not response.has_header("Cache-Control"):
                response["Cache-Control"] = "private, no-store"
            return response

        door.act = act  # type: ignore[attr-defined]
        return door

    return decorate
