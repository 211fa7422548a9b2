from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from tavusweb.audit.actor import Actor
from tavusweb.http import no_store
from tavusweb.uploads import Room, accepts_files
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import logos
from ..actions import change_branding
from ..brand import of_page, picture, style_url
from ..forms.branding import BrandingForm
from ..gate import draw
from ..languages import language_of
from ..models.branding import branding_of


def room(request: HttpRequest) -> Room:
    words = _("This picture is too large. The limit is %(limit)d KB.") % {"limit": logos.LARGEST // 1024}
    return Room(logos.LARGEST, words)


receives_logos = partial(accepts_files, room=room)


@in_workspace(Permission.MANAGE_SETTINGS)
@receives_logos
def branding(request: WorkspaceRequest) -> HttpResponse:
    """Edit the look of the workspace's public pages, beside a preview of what is saved."""
    brand = branding_of(request.workspace)
    if request.method == "POST":
        typed, files = request.POST, request.FILES  # receiving them is what can fail
        failure = getattr(request, "upload_failure", "")
        form = BrandingForm(typed, files, branding=brand, upload_failure=failure)
        if form.is_valid():
            change_branding(Actor.of(request), request.workspace, **form.changes())
            messages.success(request, _("Branding saved."))
            return redirect("branding", request.workspace.slug)
    else:
        form = BrandingForm(branding=brand)
    context = {"form": form, "branding": brand}
    return render(request, "sharing/branding.html", context, status=422 if form.errors else 200)


@in_workspace(Permission.MANAGE_SETTINGS)
@xframe_options_sameorigin
@require_safe
def branding_preview(request: WorkspaceRequest) -> HttpResponse:
    """Show a made-up share page in the workspace's look, for the frame on the branding page."""
    brand = branding_of(request.workspace)
    with override(language_of(request)):
        shown = {"style_url": style_url(brand)}
        shown |= of_page(brand, logo_url=reverse("branding_logo", args=[request.workspace.slug]))
        response = draw("sharing/branding_preview.html", {"brand": shown, "sender": request.user.name})
    response._csp_replace = {"frame-ancestors": ["'self'"], "form-action": ["'none'"]}  # type: ignore[attr-defined]
    return no_store(response)


@in_workspace(Permission.MANAGE_SETTINGS)
@require_safe
def branding_logo(request: WorkspaceRequest) -> HttpResponse:
    brand = branding_of(request.workspace)
    return picture(brand) if brand.has_logo else HttpResponse(status=204)
