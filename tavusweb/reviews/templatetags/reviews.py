"""The card of comments and approvals, which a video's page includes without knowing about reviews."""

from typing import Any

from django import template

from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.forms import MemberCommentForm
from tavusweb.reviews.queries import standing_of, threads_of

register = template.Library()


@register.inclusion_tag("reviews/_reviews_card.html", takes_context=True)
def reviews_card(context: dict[str, Any]) -> dict[str, Any]:
    """What was said about the page's `video`; the form of `extra_form` that was refused stands in its thread."""
    video, can = context["video"], context["can"]
    refused = context.get("extra_form")
    refused = refused if isinstance(refused, MemberCommentForm) else None
    verdicts = list(video.verdicts.select_related("user"))
    shown = fingerprint_of(video)
    return {
        "workspace": context["workspace"],
        "video": video,
        "can": can,
        "user": context["request"].user,
        "csrf_token": context.get("csrf_token"),
        "standing": standing_of(video, verdicts),
        "verdicts": [row for row in verdicts if row.fingerprint == shown and not row.withdrawn_at][::-1],
        "threads": [(thread, _form(refused, thread.comment.pk)) for thread in threads_of(video)],
        "form": _form(refused, None),
    }


def _form(refused: MemberCommentForm | None, thread: int | None) -> MemberCommentForm:
    """The form of one thread; its fields have ids of their own."""
    form = refused if refused and refused.is_in(thread) else MemberCommentForm(initial={"answers": thread})
    form.auto_id = f"reply_{thread or 'new'}_%s"
    return form
