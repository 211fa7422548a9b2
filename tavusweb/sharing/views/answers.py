"""Views for a visitor's decision on a share page: approval or change request."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tavusweb.audit.actor import Actor
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import VerdictKind

from .. import approval, guests
from ..forms import ApproveForm, ChangesForm
from ..forms.answers import VerdictForm
from ..gate import Entry, draw, through_gate
from ..pages import context_of
from ..visitor_policy import Right
from ..visitors import is_known, may_write, speaker_of


@csrf_exempt  # the gate refuses what another site sends
@require_POST
@through_gate(Right.APPROVE)
def approve(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Approve what was shown. The first press asks for confirmation, with title and take."""
    form = ApproveForm(request.POST, needs_name=not is_known(request, entry), auto_id="approve_%s")
    if not form.is_valid():
        return _refused(request, entry, approve_form=form)
    if not form.cleaned_data["confirmed"]:
        context = context_of(entry, approve_form=form) | {"state_template": "sharing/states/_approve.html"}
        return draw("sharing/share.html", context)
    return _decide(request, entry, form, VerdictKind.APPROVED, refused_as="approve_form")


@csrf_exempt
@require_POST
@through_gate(Right.APPROVE)
def request_changes(request: HttpRequest, entry: Entry) -> HttpResponse:
    form = ChangesForm(request.POST, needs_name=not is_known(request, entry), auto_id="changes_%s")
    if not form.is_valid():
        return _refused(request, entry, changes_form=form)
    return _decide(request, entry, form, VerdictKind.CHANGES, refused_as="changes_form")


@csrf_exempt
@require_POST
@through_gate(Right.APPROVE)
def withdraw(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Withdraw this visitor's decision about the take that is shown."""
    video = entry.link.video
    speaker = speaker_of(request, entry, guest=entry.guest)
    own = approval.own(entry, list(video.verdicts.select_related("user", "video")), speaker, fingerprint_of(video))
    if own is not None:
        reviews.withdraw(Actor.of(request), speaker, own)
    return HttpResponseRedirect(f"{entry.link.get_absolute_url()}#approval")


def _decide(
    request: HttpRequest, entry: Entry, form: VerdictForm, kind: VerdictKind, *, refused_as: str
) -> HttpResponse:
    cleaned = form.cleaned_data
    if not may_write(request, entry):
        form.add_error(None, _("Too many attempts. Try again in an hour."))
        return _refused(request, entry, status=429, **{refused_as: form})
    response = HttpResponseRedirect(f"{entry.link.get_absolute_url()}#approval")
    if not form.is_from_machine:
        mark = guests.mark_of(request, entry.link) or guests.new_mark()
        speaker = speaker_of(request, entry, name=cleaned["name"], guest=guests.key_of(mark, entry.link))
        try:
            reviews.decide(
                Actor.of(request),
                speaker,
                entry.link.video,
                kind,
                shown=cleaned["shown"],
                reason=cleaned.get("reason", ""),
            )
        except reviews.TakeChanged:
            form.add_error(None, _("The video was changed since you opened this page. Watch it again, then decide."))
            form.show(fingerprint_of(entry.link.video))
            return _refused(request, entry, status=409, **{refused_as: form})
        if speaker.user is None:
            guests.keep(response, entry.link, mark)
    return response


def _refused(request: HttpRequest, entry: Entry, *, status: int = 422, **forms: Any) -> HttpResponse:
    return draw("sharing/share.html", context_of(entry, **forms), status=status)
