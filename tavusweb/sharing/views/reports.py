"""Report the video of a share page to the operators."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tavusweb.http import address_group
from tavusweb.rate_limits import Limit, may_go_on

from .. import actions
from ..brand import brand_of
from ..forms.reports import ReportForm
from ..gate import Entry, draw, through_gate
from ..report_reasons import ReportReason
from ..visitor_policy import Right


@csrf_exempt  # the gate refuses what another site sends
@require_http_methods(["GET", "HEAD", "POST"])
@through_gate(Right.VIEW)
def report(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Show the form, store the report, and confirm. Only someone who can watch the video can report it."""
    if request.method != "POST":
        return _page(entry, ReportForm(auto_id="report_%s"), is_sent="sent" in request.GET)
    form = ReportForm(request.POST, auto_id="report_%s")
    if not form.is_valid():
        return _page(entry, form, status=422)
    if not _may_report(request, entry):
        form.add_error(None, _("Too many reports. Try again tomorrow."))
        return _page(entry, form, status=429)
    if not form.is_from_machine:
        cleaned = form.cleaned_data
        reason = ReportReason(cleaned["reason"])
        actions.report(entry.link, reason, details=cleaned["details"], email=cleaned["email"])
    return HttpResponseRedirect(f"{reverse('share_report', args=[entry.link.token])}?sent=1")


def _may_report(request: HttpRequest, entry: Entry) -> bool:
    address = address_group(request)
    by_address = may_go_on(Limit.REPORT, f"{entry.link.pk} {address}") and may_go_on(Limit.REPORT_ADDRESS, address)
    return by_address and may_go_on(Limit.REPORT_LINK, entry.link.pk)


def _page(entry: Entry, form: ReportForm, *, is_sent: bool = False, status: int = 200) -> HttpResponse:
    context = {
        "brand": brand_of(entry.link, entry.decision),
        "state_template": "sharing/states/_report.html",
        "tab_title": _("Report this video"),
        "token": entry.link.token,
        "form": form,
        "is_sent": is_sent,
    }
    return draw("sharing/share.html", context, status=status)
