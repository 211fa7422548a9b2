"""Every audit log of the instance, for its operators. Reading a workspace's is recorded there, for its owners."""

import time

from django import forms
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tavusweb.audit.actor import Actor
from tavusweb.audit.export import FORMS
from tavusweb.audit.models import INSTANCE, AuditChain
from tavusweb.audit.search import Events, SearchForm, events_of, file_of, search_page
from tavusweb.rate_limits import HOUR

from .. import actions


class ChainField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, chain: AuditChain) -> str:
        return chain.title


class InstanceSearchForm(SearchForm):
    """The search in one audit log, and which: the instance's own unless another is chosen."""

    chain = ChainField(
        AuditChain.objects.exclude(name=INSTANCE).select_related("workspace").order_by("name"),
        label=_("Audit log of"),
        required=False,
        empty_label=_("This server: sign-ins, accounts, admin actions"),
    )

    def query(self) -> dict[str, str]:
        chain = self.wanted.get("chain")
        return super().query() | ({"chain": str(chain.pk)} if chain else {})


READ_AT = "audit_logs_read_at"  # in the session: chain's id -> when reading it was recorded, in seconds since 1970
RECORD_EVERY = HOUR  # turning pages is one reading


@require_safe
@staff_member_required
@permission_required("audit.view_auditevent", raise_exception=True)
def audit_log(request: HttpRequest) -> HttpResponse:
    form, chain = _search(request)
    if chain:
        _record_reading(request, chain)
    context = search_page(_events(chain), request, form) | {"chain": chain}
    return render(request, "backoffice/audit_log.html", context)


@require_safe
@staff_member_required
@permission_required("audit.view_auditevent", raise_exception=True)
def audit_log_export(request: HttpRequest, form: str) -> HttpResponseBase:
    if form not in FORMS:
        raise Http404
    search, chain = _search(request)
    query = {name: value for name, value in search.query().items() if name != "chain"}
    actions.export_audit_log(Actor.of(request), chain, file_format=form, query=query)
    return file_of(request, _events(chain), search, form, name=chain.file_name if chain else INSTANCE)


def _search(request: HttpRequest) -> tuple[InstanceSearchForm, AuditChain | None]:
    """The search, and the chain that it goes through unless it is the instance's."""
    form = InstanceSearchForm(request.GET)
    if "chain" in form.errors:
        raise Http404
    return form, form.wanted["chain"]


def _events(chain: AuditChain | None) -> Events:
    return events_of(AuditChain.objects.filter(**({"pk": chain.pk} if chain else {"name": INSTANCE})))


def _record_reading(request: HttpRequest, chain: AuditChain) -> None:
    """Record before anything is shown; the session remembers it only if that worked."""
    now, read_at = time.time(), request.session.get(READ_AT, {})
    if now - read_at.get(str(chain.pk), 0.0) < RECORD_EVERY:
        return
    actions.read_audit_log(Actor.of(request), chain)
    request.session[READ_AT] = read_at | {str(chain.pk): now}
