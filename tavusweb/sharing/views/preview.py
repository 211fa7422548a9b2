"""Preview a share page as viewers see it, before sending it: nothing is counted or submitted."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from tavusweb.http import no_store
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from ..gate import LINKS, Entry, draw, enter
from ..languages import language_of
from ..pages import context_of
from ..passes import Pass
from ..visitor_policy import EmailRule

SEALED = {"form-action": ["'none'"]}


@in_workspace(Permission.SHARE)
@require_safe
def share_link_preview(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show what a stranger sees at the link; with `?after=gate`, what follows once all its requirements are met."""
    link = get_object_or_404(LINKS, pk=pk, video__workspace=request.workspace)
    entry = enter(link, Pass())
    is_gated = entry.decision.step is not None
    if is_gated and request.GET.get("after") == "gate":
        entry = _let_in(entry)
    with override(language_of(request)):
        context = context_of(entry, asked=request.GET)
        context |= {"is_live": False, "unfurl": None, "is_preview": True, "is_gated": is_gated, "link": link}
        context["back_url"] = reverse("share_link", args=[request.workspace.slug, pk])
        response = draw("sharing/preview.html", context)
    return sealed(response)


def sealed(response: HttpResponse) -> HttpResponse:
    """Reject every form sent from a preview: a comment there would be a real one."""
    response._csp_replace = SEALED  # type: ignore[attr-defined]
    return no_store(response)


def _let_in(entry: Entry) -> Entry:
    link = entry.link
    rules = replace(link.rules, has_password=False, email=EmailRule.NO, view_limit=None)
    return enter(link, Pass(), rules=rules)
