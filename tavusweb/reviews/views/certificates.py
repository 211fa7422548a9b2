"""Approval certificates for members, and the public keys for everyone."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import certificates
from ..models import Certificate


@in_workspace(Permission.WATCH)
@require_safe
def verdict_certificate(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show a certificate as a printable page."""
    found = _load(request, pk)
    context = certificates.shown(found) | {"video": found.verdict.video, "pk": pk}
    return render(request, "reviews/certificate.html", context)


@in_workspace(Permission.WATCH)
@require_safe
def verdict_certificate_file(request: WorkspaceRequest, pk: int) -> HttpResponse:
    return certificates.as_file(_load(request, pk))


def _load(request: WorkspaceRequest, pk: int) -> Certificate:
    found = Certificate.objects.select_related("verdict__video__workspace")
    return get_object_or_404(found, verdict=pk, verdict__video__workspace=request.workspace)


@require_safe
def certificate_keys(request: HttpRequest) -> JsonResponse:
    """Serve the public keys at a fixed URL."""
    return JsonResponse(certificates.public_keys(), headers={"Cache-Control": "public, max-age=300"})
