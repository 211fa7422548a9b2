"""The one way into a workspace's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from tavusweb.accounts.models import User

from .access import Act
from .models import Membership, Workspace


class WorkspaceRequest(HttpRequest):
    """A request that came through `in_workspace`."""

    user: User
    workspace: Workspace
    membership: Membership


def in_workspace(act: Act) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Open a view to members whose role allows `act`; for everybody else the workspace does not exist.

    The view gets `request.workspace` and `request.membership`, and no slug.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        @login_required
        def door(request: Any, slug: str, **kwargs: Any) -> HttpResponseBase:
            membership = Membership.objects.select_related("workspace").filter(workspace__slug=slug, user=request.user).first()
            if membership is None:
                raise Http404
            if not membership.may(act):
                raise PermissionDenied
            request.workspace, request.membership = membership.workspace, membership
            response = view(request, **kwargs)
            if isinstance(response, HttpResponse) and not response.has_header("Cache-Control"):
                response["Cache-Control"] = "private, no-store"
            return response

        door.act = act  # type: ignore[attr-defined]
        return door

    return decorate
