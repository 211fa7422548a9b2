"""The comments and approvals card, which the video page includes without depending on reviews."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from tavusweb.kept_parts import kept_card, shown_values
from tavusweb.reviews.approval_forms import ApprovalRequestForm, MemberChangesForm
from tavusweb.reviews.change_drafts import notes_for
from tavusweb.reviews.ended import Ended, ended_approvals
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.forms import EditCommentForm, MemberCommentForm
from tavusweb.reviews.models import ApprovalRequest, Comment, Verdict
from tavusweb.reviews.models.approval_request import identities_of, request_for
from tavusweb.reviews.queries import comments_of, tally_of, threads
from tavusweb.reviews.standing import Standing
from tavusweb.videos.along import may_have
from tavusweb.videos.models import Video

register = template.Library()


@register.simple_tag(takes_context=True)
def reviews_card(context: dict[str, Any], earlier: Sequence[Verdict] = ()) -> SafeString:
    """Return the feedback on the page's `video`, with an invalid `extra_form` placed in its thread.

    `earlier` are verdicts on takes that this one replaced.
    """
    video = context["video"]
    extra, user = context.get("extra_form"), context["request"].user
    verdicts = list(video.verdicts.select_related("user")) if may_have(video, "has_verdicts") else []
    asked = request_for(video) if may_have(video, "has_approval_request") else None
    if asked is None:
        video._state.fields_cache.setdefault("approval_request", None)
    comments = comments_of(video) if may_have(video, "has_comments") else []

    def build() -> dict[str, Any]:
        return _feedback(context, earlier, verdicts, comments, asked)

    said = tuple(
        (shown_values(row), row.user and (row.user.name, row.user.email)) for row in (*verdicts, *earlier, *comments)
    )
    key = (
        context["workspace"].slug,
        context["membership"].role,
        user.pk,
        shown_values(video),
        said,
        asked and shown_values(asked),
    )
    return kept_card(context["request"], "reviews/_reviews_card.html", None if extra else key, build)


def _feedback(
    context: dict[str, Any],
    earlier: Sequence[Verdict],
    verdicts: list[Verdict],
    comments: list[Comment],
    asked: ApprovalRequest | None,
) -> dict[str, Any]:
    video, can = context["video"], context["can"]
    extra, user = context.get("extra_form"), context["request"].user
    refused = extra if isinstance(extra, MemberCommentForm) else None
    shown = fingerprint_of(video)
    tally = tally_of(video, verdicts, shown=shown)
    standing_verdicts = [row for row in verdicts if row.fingerprint == shown and not row.withdrawn_at]
    shown_threads = threads(comments, video.script)
    for comment in (each for thread in shown_threads for each in (thread.comment, *thread.answers)):
        if comment.may_be_changed_by(user=user):
            comment.edit_form = _edit_form(extra, comment)  # type: ignore[attr-defined]
    return {
        "workspace": context["workspace"],
        "video": video,
        "can": can,
        "user": user,
        "standing": tally.standing,
        "verdicts": standing_verdicts[::-1],
        "ended": _ended(video, shown, tally.standing, [*earlier, *verdicts], user),
        "shown": shown,
        "take_at": video.finished_at or video.submitted_at,
        "own_verdict": next((row for row in reversed(standing_verdicts) if row.user_id == user.pk), None),
        "changes_form": extra if isinstance(extra, MemberChangesForm) else _changes_form(shown),
        "can_draft": any(not thread.comment.is_resolved for thread in shown_threads)
        or tally.standing == Standing.CHANGES,
        "asked": asked,
        "tally": tally if asked else None,
        "reviewers": [(each, identities_of(each) not in tally.missing) for each in asked.reviewers] if asked else [],
        "request_form": extra if isinstance(extra, ApprovalRequestForm) else ApprovalRequestForm(request=asked),
        "threads": [(thread, _form(refused, thread.comment.pk)) for thread in shown_threads],
        "form": _form(refused, None, script=video.script),
    }


def _ended(video: Video, shown: str, standing: Standing, verdicts: Sequence[Verdict], user: Any) -> tuple[Ended, ...]:
    """Return the ended approvals, until the video is approved again."""
    if standing == Standing.APPROVED:
        return ()
    return ended_approvals(
        video,
        shown,
        verdicts,
        name_of=lambda verdict: verdict.speaker_name or verdict.email,
        is_own=lambda verdict: verdict.is_of(user=user),
    )


@register.inclusion_tag("reviews/_draft_notes.html", takes_context=True)
def draft_notes(context: dict[str, Any]) -> dict[str, Any]:
    """Return the comments the page's draft should address, if it was created from comments."""
    return {} if context["is_new"] else notes_for(context["video_id"])


def _changes_form(shown: str) -> MemberChangesForm:
    return MemberChangesForm(initial={"shown": shown}, auto_id="changes_%s")


def _edit_form(extra: Any, comment: Comment) -> EditCommentForm:
    is_refused = isinstance(extra, EditCommentForm) and extra.pk == comment.pk
    return extra if is_refused else EditCommentForm(initial={"comment": comment.body}, pk=comment.pk)


def _form(refused: MemberCommentForm | None, thread: int | None, *, script: str = "") -> MemberCommentForm:
    """Return the form of a thread, or of a new one for None, with unique field ids."""
    fresh = {"initial": {"answers": thread}, "script": script}
    form = refused if refused and refused.is_in(thread) else MemberCommentForm(**fresh)
    form.auto_id = f"reply_{thread or 'new'}_%s"
    return form
