"""The conversation on a share page: its threads, the form to write with, and what this visitor can still change."""

from typing import Any

from django.db.models import F
from django.http import QueryDict
from django.urls import reverse

from tavusweb.reviews.models import Comment
from tavusweb.reviews.queries import MOST_COMMENTS, Thread, threads

from .forms import CommentForm
from .forms.answers import EditForm
from .gate import Entry
from .models import ShareLink
from .takes.earlier import of_earlier, of_takes
from .visitor_policy import CommentRule


def context_of(entry: Entry, *, asked: QueryDict | None = None, form: CommentForm | EditForm | None = None) -> Any:
    """The context of the comments; `asked` is the address's query, `form` the one that was refused."""
    link = entry.link
    rows, earlier = of_takes(link, list(said_through(link).order_by("-created_at", "-pk")[:MOST_COMMENTS])[::-1])
    shown = threads(rows, link.video.script)
    chosen = _chosen(rows, asked)
    if form is None and chosen and "edit" in (asked or {}) and chosen.may_be_changed_by(guest=entry.guest):
        form = EditForm(initial={"comment": chosen.body, "pk": chosen.pk}, auto_id="comment_%s")
    if form is None:
        reply_to = chosen.pk if chosen and chosen.parent_id is None and "reply" in (asked or {}) else None
        form = new_form(link, initial={"answers": reply_to} if reply_to else {})
    is_edit = isinstance(form, EditForm)
    return {
        "threads": shown,
        "earlier_takes": earlier,
        "comment_form": form,
        "is_edit": is_edit,
        "reply_to": None if is_edit else _thread(shown, form),
        "comment_url": reverse("share_comment_edit" if is_edit else "share_comment", args=[link.token]),
        "changeable": {row.pk for row in [*rows, *of_earlier(earlier)] if row.may_be_changed_by(guest=entry.guest)}
        if entry.guest
        else set(),
    }


def said_through(link: ShareLink) -> Any:
    """The comments on every take that the link has shown, each with the title of its take."""
    return Comment.objects.through(str(link.pk)).select_related("user").annotate(take_title=F("video__title"))


def new_form(link: ShareLink, data: Any = None, *, needs_name: bool | None = None, **options: Any) -> CommentForm:
    """The form of a new comment. Sentences are offered where the transcript is shown."""
    if needs_name is None:
        needs_name = link.comments == CommentRule.NAMED
    script = link.video.script if link.shows_transcript else ""
    options["initial"] = {"take": link.video_id} | options.get("initial", {})
    return CommentForm(data, needs_name=needs_name, script=script, auto_id="comment_%s", **options)


def _chosen(rows: list[Comment], asked: QueryDict | None) -> Comment | None:
    named = (asked.get("edit") or asked.get("reply") or "") if asked else ""
    return next((row for row in rows if str(row.pk) == named), None)


def _thread(shown: list[Thread], form: Any) -> Comment | None:
    answers = str(form["answers"].value() or "")
    return next((thread.comment for thread in shown if str(thread.comment.pk) == answers), None)
