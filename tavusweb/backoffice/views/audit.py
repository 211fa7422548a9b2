"""Every trail of the instance, for its operators. A look into a workspace's is written down there, for its owners."""

import time
from typing import Any

from django import forms
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.export import FORMS
from tavusweb.audit.models import INSTANCE, AuditChain
from tavusweb.audit.record import record
from tavusweb.audit.search import Events, SearchForm, events_of, file_of, search_page


class ChainField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, chain: AuditChain) -> str:
        return chain.title


class AnyTrailForm(SearchForm):
    """The search in a trail, and in whose: the instance's own unless another is chosen."""

    chain = ChainField(
        AuditChain.objects.exclude(name=INSTANCE).select_related("workspace").order_by("name"),
        label="Trail of",
        required=False,
        empty_label="This instance: signing in, accounts, the back-office",
    )

    def query(self) -> dict[str, str]:
        chain = self.wanted.get("chain")
        return super().query() | ({"chain": str(chain.pk)} if chain else {})


NOTED_AT = "trails_read_at"  # of the session: when the reading of which chain was written down, in seconds since 1970
NOTE_EVERY = 3600.0  # seconds: turning pages is one reading


@require_safe
@staff_member_required
@permission_required("audit.view_auditevent", raise_exception=True)
def trail(request: HttpRequest) -> HttpResponse:
    form, chain = _chosen(request)
    if chain:
        _note_reading(request, chain)
    context = search_page(_events(chain), request, form) | {"chain": chain}
    return render(request, "backoffice/trail.html", context)


@require_safe
@staff_member_required
@permission_required("audit.view_auditevent", raise_exception=True)
def trail_export(request: HttpRequest, form: str) -> HttpResponseBase:
    if form not in FORMS:
        raise Http404
    narrowed, chain = _chosen(request)
    query = narrowed.query()
    query.pop("chain", "")
    _record(request, AuditAction.AUDIT_LOG_EXPORTED, chain, after={"form": form} | query)
    return file_of(_events(chain), narrowed, form, name=chain.file_name if chain else INSTANCE)


def _chosen(request: HttpRequest) -> tuple[AnyTrailForm, AuditChain | None]:
    """The search, and the chain that it goes through unless it is the instance's."""
    form = AnyTrailForm(request.GET)
    if "chain" in form.errors:
        raise Http404
    return form, form.wanted["chain"]


def _events(chain: AuditChain | None) -> Events:
    return events_of(AuditChain.objects.filter(**({"pk": chain.pk} if chain else {"name": INSTANCE})))


def _note_reading(request: HttpRequest, chain: AuditChain) -> None:
    """Written down before anything is shown. The session remembers it only when that has worked."""
    now, noted = time.time(), request.session.get(NOTED_AT, {})
    if now - noted.get(str(chain.pk), 0.0) < NOTE_EVERY:
        return
    _record(request, AuditAction.AUDIT_LOG_READ, chain)
    request.session[NOTED_AT] = noted | {str(chain.pk): now}


def _record(request: HttpRequest, action: AuditAction, chain: AuditChain | None, **values: Any) -> None:
    """In the workspace's own trail; a deleted workspace's grows no more, so then in the instance's."""
    room = chain.workspace if chain else None
    record(Actor.of(request), action, workspace=room, target=None if room else chain, **values)
