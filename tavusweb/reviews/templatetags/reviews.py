"""The card of comments and approvals, which a video's page includes without knowing about reviews."""

from typing import Any

from django import template

from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.forms import EditCommentForm, MemberCommentForm
from tavusweb.reviews.models import Comment
from tavusweb.reviews.queries import standing_of, threads_of

register = template.Library()


@register.inclusion_tag("reviews/_reviews_card.html", takes_context=True)
def reviews_card(context: dict[str, Any]) -> dict[str, Any]:
    """What was said about the page's `video`; the form of `extra_form` that was refused stands in its thread."""
    video, can = context["video"], context["can"]
    extra, user = context.get("extra_form"), context["request"].user
    refused = extra if isinstance(extra, MemberCommentForm) else None
    verdicts = list(video.verdicts.select_related("user"))
    shown = fingerprint_of(video)
    threads = threads_of(video)
    for comment in (each for thread in threads for each in (thread.comment, *thread.answers)):
        if comment.may_be_changed_by(user=user):
            comment.edit_form = _edit_form(extra, comment)  # type: ignore[attr-defined]
    return {
        "workspace": context["workspace"],
        "video": video,
        "can": can,
        "user": user,
        "csrf_token": context.get("csrf_token"),
        "standing": standing_of(video, verdicts),
        "verdicts": [row for row in verdicts if row.fingerprint == shown and not row.withdrawn_at][::-1],
        "threads": [(thread, _form(refused, thread.comment.pk)) for thread in threads],
        "form": _form(refused, None, script=video.script),
    }


def _edit_form(extra: Any, comment: Comment) -> EditCommentForm:
    is_refused = isinstance(extra, EditCommentForm) and extra.pk == comment.pk
    return extra if is_refused else EditCommentForm(initial={"comment": comment.body}, pk=comment.pk)


def _form(refused: MemberCommentForm | None, thread: int | None, *, script: str = "") -> MemberCommentForm:
    """The form of one thread, or with None that of a new one; its fields have ids of their own."""
    fresh = {"initial": {"answers": thread}, "script": script}
    form = refused if refused and refused.is_in(thread) else MemberCommentForm(**fresh)
    form.auto_id = f"reply_{thread or 'new'}_%s"
    return form
