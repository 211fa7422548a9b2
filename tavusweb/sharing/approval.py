"""Approval on a share page: how far the video is approved, the forms, and what this visitor has decided."""

from typing import Any

from django.template.loader import render_to_string

from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import Verdict
from tavusweb.reviews.models.approval_request import request_for
from tavusweb.reviews.queries import tally_of
from tavusweb.reviews.speaker import Proof, Speaker

from .forms import ApproveForm, ChangesForm
from .gate import Entry
from .rendered import part


def context_of(entry: Entry, forms: dict[str, Any], *, brand: dict[str, Any]) -> dict[str, Any]:
    """The context of the approval; `forms` are those that were refused."""
    video = entry.link.video
    shown = fingerprint_of(video)
    verdicts = list(Verdict.objects.filter(video=entry.link.video_id).select_related("user"))
    tally, request = tally_of(video, verdicts, shown=shown), request_for(video)
    context = {
        "standing": tally.standing,
        "tally": tally if request else None,
        "due_at": request.due_at if request else None,
        "take_at": video.finished_at or video.submitted_at,
        "own_verdict": own(entry, verdicts, speaker_before(entry), shown),
        "approve_form": forms.get("approve_form") or ApproveForm(initial={"shown": shown}, auto_id="approve_%s"),
        "changes_form": forms.get("changes_form") or ChangesForm(initial={"shown": shown}, auto_id="changes_%s"),
    }
    if context["own_verdict"] is None and not {"approve_form", "changes_form"} & set(forms):
        heading, token = brand.get("approval_heading", ""), entry.link.token
        key = ("approval", token, shown, tally, bool(request), context["due_at"], heading)
        drawn_from = context | {"token": token, "brand": brand}
        context["approval_html"] = part(key, lambda: render_to_string("sharing/_approval.html", drawn_from))
    return context


def speaker_before(entry: Entry) -> Speaker:
    """Whoever this browser spoke for before, as far as its cookies prove it. No session is read."""
    proof = Proof.CODE if entry.proven.is_email_confirmed else Proof.NAME
    return Speaker(proof, email=entry.proven.email, guest=entry.guest)


def own(entry: Entry, verdicts: list[Verdict], speaker: Speaker, shown: str) -> Verdict | None:
    """What this visitor decided last about what is shown, unless it was taken back."""
    theirs = [row for row in verdicts if row.fingerprint == shown and row.is_by(speaker)]
    return theirs[-1] if theirs and not theirs[-1].withdrawn_at else None
