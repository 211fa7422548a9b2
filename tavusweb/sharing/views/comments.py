"""Views with which a visitor comments on a share page, and edits or deletes a comment for a few minutes."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tavusweb.audit.actor import Actor
from tavusweb.http import address_group
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.models import Comment

from .. import conversation, guests, replies
from ..forms.answers import EditForm
from ..gate import Entry, draw, through_gate
from ..pages import context_of
from ..takes.history import take_that_was_shown
from ..visitor_policy import CommentRule, Right
from ..visitors import is_known, may_write, speaker_of


@csrf_exempt  # the gate refuses what another site sends
@require_POST
@through_gate(Right.COMMENT)
def comment(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Add a comment, or a reply to a thread on this page."""
    link = entry.link
    needs_name = link.comments == CommentRule.NAMED and not is_known(request, entry)
    form = conversation.new_form(link, request.POST, needs_name=needs_name)
    if not form.is_valid():
        return _refused(entry, form)
    if form.is_from_machine:  # it is told nothing
        return _back(entry)
    if not may_write(request, entry):
        form.add_error(None, _("Too many comments. Try again in an hour."))
        return _refused(entry, form, status=429)
    cleaned = form.cleaned_data
    mark = guests.mark_of(request, link) or guests.new_mark()
    speaker = speaker_of(request, entry, name=cleaned["name"], guest=guests.key_of(mark, link))
    parent = conversation.said_through(link).filter(pk=cleaned["answers"]).select_related("video").first()
    take = parent.video if parent else take_that_was_shown(link, cleaned["take"])
    said = reviews.comment(speaker, take, cleaned["comment"], parent=parent, **form.place)
    if speaker.user is not None:
        return _back(entry, said)
    response = _back(entry, said, replies=_subscribe(request, entry, said, cleaned.get("email", "")))
    guests.keep(response, link, mark)
    return response


def _subscribe(request: HttpRequest, entry: Entry, said: Comment, email: str) -> str:
    """Subscribe a guest to replies if they gave an address; return what the page has to say about it."""
    if not email:
        return ""
    is_confirmed = entry.proven.is_email_confirmed and entry.proven.email == email
    return replies.subscribe(entry.link, said, email, address=address_group(request), is_confirmed=is_confirmed)


@csrf_exempt
@require_POST
@through_gate(Right.COMMENT)
def edit(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Edit one's own comment within minutes."""
    form = EditForm(request.POST, auto_id="comment_%s")
    said = _own(entry, request.POST.get("pk", ""))
    if said is None:
        return _too_late(entry)
    if not form.is_valid():
        return _refused(entry, form)
    reviews.edit(said, form.cleaned_data["comment"])
    return _back(entry, said)


@csrf_exempt
@require_POST
@through_gate(Right.COMMENT)
def delete(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Delete one's own comment within minutes."""
    said = _own(entry, request.POST.get("pk", ""))
    if said is None:
        return _too_late(entry)
    reviews.delete(Actor.of(request).as_user(None), said)
    return _back(entry)


def _own(entry: Entry, pk: str) -> Comment | None:
    """Return this page's comment with this id, if this browser wrote it and can still change it."""
    found = conversation.said_through(entry.link).filter(pk=int(pk[:12])).first() if _is_number(pk) else None
    return found if found and found.may_be_changed_by(guest=entry.guest) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _too_late(entry: Entry) -> HttpResponse:
    """Show the page with an error above the form; the same for a comment written in another browser."""
    form = conversation.new_form(entry.link, {})
    form.errors.clear()
    form.add_error(None, _("This comment can’t be changed any more. Write another one instead."))
    return _refused(entry, form, status=409)


def _back(entry: Entry, said: Comment | None = None, *, replies: str = "") -> HttpResponse:
    place = f"comment-{said.pk}" if said else "comments"
    query = f"?replies={replies}" if replies else ""
    return HttpResponseRedirect(f"{entry.link.get_absolute_url()}{query}#{place}")


def _refused(entry: Entry, form: Any, *, status: int = 422) -> HttpResponse:
    return draw("sharing/share.html", context_of(entry, comment_form=form), status=status)
