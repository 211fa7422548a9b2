from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..readiness import readiness


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process serves."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and a worker's heartbeat is fresh, else 503 with the reasons."""
    state = readiness()
    answer = {"ok": state.is_ready, "database": state.database, "worker": state.worker, "reasons": state.reasons}
    return JsonResponse(answer, status=200 if state.is_ready else 503)


@staff_member_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every component of the UI kit."""
    return render(request, "components.html")
