"""Who can open a workspace's pages: every view below `/w/` is decorated here."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode

from tavusweb.accounts.models import User
from tavusweb.failures import is_from_our_page, typed_in
from tavusweb.http import no_store

from . import access_log, sign_in_policy
from .models import Membership, Workspace
from .permissions import Permission


class WorkspaceRequest(HttpRequest):
    """A request that came through `in_workspace`."""

    user: User
    workspace: Workspace
    membership: Membership


def _to_sign_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect to the sign-in page; a fragment whose session has ended reloads its whole page.

    After sign-in the requested page opens. A POST returns to the workspace: its address may be no page. One that
    brings text gets it back, to send it again after signing in in another tab.
    """
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    is_page = request.method in {"GET", "HEAD"}
    typed = is_from_our_page(request) and typed_in(request)
    if typed:
        context = {
            "typed": typed,
            "sign_in_url": f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': reverse('workspace', args=[slug])})}",
        }
        return render(request, "signed_out.html", context, status=401)
    return redirect_to_login(request.get_full_path() if is_page else reverse("workspace", args=[slug]))


def _to_join(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect to the join page where the visitor's domain has access; otherwise answer 404."""
    if not Workspace.objects.open_to(cast(User, request.user)).filter(slug=slug).exists():
        raise Http404
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    query = {"next": request.get_full_path()} if request.method == "GET" else {}
    return redirect(f"{reverse('join', args=[slug])}?{urlencode(query)}")


def open_to_join(view: Callable[[HttpRequest, Workspace], HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Show the join page to people the workspace is open to. Members are redirected in; everyone else gets 404."""

    @wraps(view)
    def wrapped(request: HttpRequest, slug: str) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request, slug)
        if workspace := Workspace.objects.open_to(request.user).filter(slug=slug).first():
            return view(request, workspace)
        return redirect(get_object_or_404(Workspace.objects.of(request.user), slug=slug))

    return wrapped


def in_workspace(
    permission: Permission,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Open a view to members whose role has `permission`; everyone else gets 404.

    The view gets `request.workspace` and `request.membership`, and no slug.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def wrapped(request: Any, slug: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request, slug)
            membership = (
                Membership.objects.select_related("workspace").filter(workspace__slug=slug, user=request.user).first()
            )
            if membership is None:
                return _to_join(request, slug)
            if not membership.can(permission):
                access_log.note_denied(request, membership)
                raise PermissionDenied
            if not sign_in_policy.is_met(membership.workspace.requires, request):
                return sign_in_policy.ask(request, membership.workspace)
            request.session.pop(sign_in_policy.CONTINUE, None)
            request.workspace, request.membership = membership.workspace, membership
            access_log.note(request, membership.workspace)
            try:
                response = view(request, **kwargs)
            except PermissionDenied:
                access_log.note_denied(request, membership)
                raise
            if isinstance(response, HttpResponse) and not response.has_header("Cache-Control"):
                no_store(response)
            return response

        wrapped.permission = permission  # type: ignore[attr-defined]
        return wrapped

    return decorate
