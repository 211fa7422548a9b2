"""Approval on a share page: its status, the forms, and this visitor's own decision."""

from typing import Any

from django.template.loader import render_to_string

from tavusweb.reviews.ended import Ended, ended_approvals
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import Comment, Verdict
from tavusweb.reviews.models.approval_request import request_for
from tavusweb.reviews.queries import tally_of
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.reviews.standing import Standing

from .forms import ApproveForm, ChangesForm
from .gate import Entry
from .models import ShareLink
from .rendered import part
from .takes.replaced import verdicts_through


def context_of(entry: Entry, forms: dict[str, Any], *, brand: dict[str, Any]) -> dict[str, Any]:
    """Return the template context of the approval. `forms` are the rejected ones."""
    video = entry.link.video
    shown = fingerprint_of(video)
    speaker = speaker_before(entry)
    everything = verdicts_through(entry.link)
    verdicts = [row for row in everything if row.video_id == video.pk]
    tally, request = tally_of(video, verdicts, shown=shown), request_for(video)
    initial = {"shown": shown, "name": _name_before(entry, everything)}
    context = {
        "standing": tally.standing,
        "tally": tally if request else None,
        "due_at": request.due_at if request else None,
        "take_at": video.finished_at or video.submitted_at,
        "own_verdict": own(entry, verdicts, speaker, shown),
        "ended": _ended(entry.link, everything, shown, speaker, tally.standing),
        "approve_form": forms.get("approve_form") or ApproveForm(initial=initial, auto_id="approve_%s"),
        "changes_form": forms.get("changes_form") or ChangesForm(initial=initial, auto_id="changes_%s"),
    }
    if context["own_verdict"] is None and not initial["name"] and not {"approve_form", "changes_form"} & set(forms):
        heading, token = brand.get("approval_heading", ""), entry.link.token
        key = ("approval", token, shown, tally, bool(request), context["due_at"], heading, context["ended"])
        drawn_from = context | {"token": token, "brand": brand}
        context["approval_html"] = part(key, lambda: render_to_string("sharing/_approval.html", drawn_from))
    return context


def _name_before(entry: Entry, verdicts: list[Verdict]) -> str:
    """Return the name that this browser's guest gave last on this page, so that nobody types it twice."""
    if not entry.guest:
        return ""
    said = Comment.objects.through(str(entry.link.pk)).filter(user=None, guest=entry.guest)
    names = [row.name for row in verdicts if row.is_of(guest=entry.guest)]
    return names[-1] if names else said.values_list("name", flat=True).order_by("pk").last() or ""


def _ended(
    link: ShareLink, verdicts: list[Verdict], shown: str, speaker: Speaker, standing: Standing
) -> tuple[Ended, ...]:
    """Return the approvals that ended, until the take is approved again.

    Only people who approved through this link are named, as with comments; nobody on a personal link, which may be
    forwarded.
    """
    if standing == Standing.APPROVED:
        return ()
    return ended_approvals(
        link.video,
        shown,
        verdicts,
        name_of=lambda row: row.speaker_name if row.link == str(link.pk) and not link.recipient_email else "",
        is_own=lambda row: row.is_by(speaker),
    )


def speaker_before(entry: Entry) -> Speaker:
    """Return the identity that this browser's cookies prove. No session is read."""
    proof = Proof.CODE if entry.proven.is_email_confirmed else Proof.NAME
    return Speaker(proof, email=entry.proven.email, guest=entry.guest)


def own(entry: Entry, verdicts: list[Verdict], speaker: Speaker, shown: str) -> Verdict | None:
    """Return this visitor's latest decision about what is shown, unless it was withdrawn."""
    theirs = [row for row in verdicts if row.fingerprint == shown and row.is_by(speaker)]
    return theirs[-1] if theirs and not theirs[-1].withdrawn_at else None
