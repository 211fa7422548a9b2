"""The conversation on a share page: threads, the comment form, and what this visitor can still edit."""

from collections.abc import Hashable
from typing import Any

from django.db.models import F
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse

from tavusweb.reviews.models import Comment
from tavusweb.reviews.queries import MOST_COMMENTS, Thread, threads

from .forms import CommentForm
from .forms.answers import EditForm
from .gate import Entry, enter
from .models import ShareLink
from .passes import Pass
from .rendered import ONCE, part
from .takes.earlier import of_earlier, of_takes
from .visitor_policy import CommentRule


def context_of(
    entry: Entry,
    *,
    brand: dict[str, Any],
    asked: QueryDict | None = None,
    form: CommentForm | EditForm | None = None,
) -> dict[str, Any]:
    """Return the template context of the comments. `asked` is the query string; `form` is a rejected form, if any."""
    link = entry.link
    said = list(said_through(link).order_by("-created_at", "-pk")[:MOST_COMMENTS])[::-1]
    if form is None and not entry.guest and not {"edit", "replies", "reply"} & set(asked or ()):
        return {"comments_html": part(_key(link, said, brand), lambda: _drawn(link, said, brand))}
    return _context(entry, said, asked, form)


def _key(link: ShareLink, said: list[Comment], brand: dict[str, Any]) -> Hashable:
    """Everything that determines how the comments and their form are rendered."""
    columns = [column.attname for column in Comment._meta.concrete_fields]
    rows = tuple(
        (*(getattr(row, name) for name in columns), row.speaker_name, getattr(row, "take_title", "")) for row in said
    )
    script = link.video.script if link.shows_transcript or rows else ""
    heading = brand.get("comments_heading", "")
    return "comments", link.token, heading, link.video_id, link.comments, link.shows_transcript, script, rows


def _drawn(link: ShareLink, said: list[Comment], brand: dict[str, Any]) -> str:
    form = new_form(link, initial={"once": ONCE})
    context = _context(enter(link, Pass()), said, None, form) | {"token": link.token, "brand": brand}
    return render_to_string("sharing/_comments.html", context)


def _context(
    entry: Entry, said: list[Comment], asked: QueryDict | None, form: CommentForm | EditForm | None
) -> dict[str, Any]:
    link = entry.link
    rows, earlier = of_takes(link, said)
    shown = threads(rows, link.video.script)
    chosen = _chosen(rows, asked)
    if form is None and chosen and "edit" in (asked or {}) and chosen.may_be_changed_by(guest=entry.guest):
        form = EditForm(initial={"comment": chosen.body, "pk": chosen.pk}, auto_id="comment_%s")
    if form is None:
        reply_to = chosen.pk if chosen and chosen.parent_id is None and "reply" in (asked or {}) else None
        form = new_form(link, initial={"answers": reply_to, "name": _own_name(said, entry.guest)})
    is_edit = isinstance(form, EditForm)
    return {
        "threads": shown,
        "earlier_takes": earlier,
        "comment_form": form,
        "is_edit": is_edit,
        "asked_replies": asked.get("replies") if asked else "",
        "reply_to": None if is_edit else _thread(shown, form),
        "comment_url": reverse("share_comment_edit" if is_edit else "share_comment", args=[link.token]),
        "changeable": {row.pk for row in [*rows, *of_earlier(earlier)] if row.may_be_changed_by(guest=entry.guest)}
        if entry.guest
        else set(),
    }


def said_through(link: ShareLink) -> Any:
    """Return the comments on every take that the link has shown, each with its take's title."""
    return Comment.objects.through(str(link.pk)).select_related("user").annotate(take_title=F("video__title"))


def new_form(link: ShareLink, data: Any = None, *, needs_name: bool | None = None, **options: Any) -> CommentForm:
    """Return the form for a new comment. It offers sentences where the page shows a transcript."""
    if needs_name is None:
        needs_name = link.comments == CommentRule.NAMED
    script = link.video.script if link.shows_transcript else ""
    options["initial"] = {"take": link.video_id} | options.get("initial", {})
    return CommentForm(data, needs_name=needs_name, script=script, auto_id="comment_%s", **options)


def _own_name(said: list[Comment], guest: str) -> str:
    """Return the name that this browser's guest gave last, so that nobody types it twice."""
    return next((row.name for row in reversed(said) if row.is_of(guest=guest)), "")


def _chosen(rows: list[Comment], asked: QueryDict | None) -> Comment | None:
    named = (asked.get("edit") or asked.get("reply") or "") if asked else ""
    return next((row for row in rows if str(row.pk) == named), None)


def _thread(shown: list[Thread], form: Any) -> Comment | None:
    answers = str(form["answers"].value() or "")
    return next((thread.comment for thread in shown if str(thread.comment.pk) == answers), None)
