"""What a visitor answers on a share page: a comment, an approval, a request for changes."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tavusweb.audit.actor import Actor
from tavusweb.http import address_group
from tavusweb.rate_limits import Limit, may_go_on
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import Comment, VerdictKind

from ..forms import ApproveForm, ChangesForm, CommentForm
from ..forms.answers import VerdictForm
from ..gate import Entry, draw, through_gate
from ..pages import context_of
from ..visitor_policy import CommentRule, Right
from ..visitors import member_of, speaker_of


@csrf_exempt  # the gate refuses what another site sends
@require_POST
@through_gate(Right.COMMENT)
def comment(request: HttpRequest, entry: Entry) -> HttpResponse:
    needs_name = entry.link.comments == CommentRule.NAMED and not _is_known(request, entry)
    form = CommentForm(request.POST, needs_name=needs_name, auto_id="comment_%s")
    if not form.is_valid():
        return _refused(request, entry, comment_form=form)
    if not _may_write(request, entry):
        form.add_error(None, _("Too many comments. Try again in an hour."))
        return _refused(request, entry, status=429, comment_form=form)
    cleaned = form.cleaned_data
    if not form.is_from_machine:
        parent = Comment.objects.through(str(entry.link.pk)).filter(pk=cleaned["answers"]).first()
        speaker = speaker_of(request, entry, name=cleaned["name"])
        reviews.comment(speaker, entry.link.video, cleaned["comment"], at_seconds=cleaned["at_seconds"], parent=parent)
    return HttpResponseRedirect(f"{entry.link.get_absolute_url()}#comments")


@csrf_exempt
@require_POST
@through_gate(Right.APPROVE)
def approve(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Approve what was shown. The first press asks back with the title and the take."""
    form = ApproveForm(request.POST, needs_name=not _is_known(request, entry), auto_id="approve_%s")
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
    form = ChangesForm(request.POST, needs_name=not _is_known(request, entry), auto_id="changes_%s")
    if not form.is_valid():
        return _refused(request, entry, changes_form=form)
    return _decide(request, entry, form, VerdictKind.CHANGES, refused_as="changes_form")


def _decide(
    request: HttpRequest, entry: Entry, form: VerdictForm, kind: VerdictKind, *, refused_as: str
) -> HttpResponse:
    cleaned = form.cleaned_data
    if not _may_write(request, entry):
        form.add_error(None, _("Too many attempts. Try again in an hour."))
        return _refused(request, entry, status=429, **{refused_as: form})
    if not form.is_from_machine:
        speaker = speaker_of(request, entry, name=cleaned["name"])
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
    return HttpResponseRedirect(f"{entry.link.get_absolute_url()}#approval")


def _is_known(request: HttpRequest, entry: Entry) -> bool:
    """Whether a name would add nothing: a member, or somebody whose address is confirmed."""
    return entry.proven.is_email_confirmed or member_of(request, entry) is not None


def _may_write(request: HttpRequest, entry: Entry) -> bool:
    link = entry.link
    by_address = may_go_on(Limit.COMMENT, f"{link.pk} {address_group(request)}")
    return by_address and may_go_on(Limit.COMMENT_LINK, link.pk)


def _refused(request: HttpRequest, entry: Entry, *, status: int = 422, **forms: object) -> HttpResponse:
    return draw("sharing/share.html", context_of(entry, **forms), status=status)
