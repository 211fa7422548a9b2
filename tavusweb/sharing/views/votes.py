"""Vote for one of the takes that a link offers."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tavusweb.reviews import actions as reviews

from .. import guests
from ..forms.vote import VoteForm
from ..gate import Entry, draw, through_gate
from ..pages import context_of
from ..takes.choice import choices_of
from ..visitor_policy import Right
from ..visitors import is_known, may_write, speaker_of


@csrf_exempt  # the gate refuses what another site sends
@require_POST
@through_gate(Right.VOTE)
def vote(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Cast or change a vote. Each visitor has one per link."""
    link = entry.link
    choices = choices_of(link)
    form = VoteForm(request.POST, choices=choices, needs_name=not is_known(request, entry), auto_id="vote_%s")
    if not form.is_valid():
        return _refused(entry, form)
    response = HttpResponseRedirect(f"{link.get_absolute_url()}#choice")
    if form.is_from_machine:  # it is told nothing
        return response
    if not may_write(request, entry):
        form.add_error(None, _("Too many attempts. Try again in an hour."))
        return _refused(entry, form, status=429)
    mark = guests.mark_of(request, link) or guests.new_mark()
    speaker = speaker_of(request, entry, name=form.cleaned_data["name"], guest=guests.key_of(mark, link))
    chosen = next(each for each in choices if str(each.video.pk) == form.cleaned_data["take"])
    reviews.vote(speaker, chosen.video)
    if speaker.user is None:
        guests.keep(response, link, mark)
    return response


def _refused(entry: Entry, form: VoteForm, *, status: int = 422) -> HttpResponse:
    return draw("sharing/share.html", context_of(entry, vote_form=form), status=status)
