"""Show visitors the certificate of their own approval, and nobody else's."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tavusweb.reviews import certificates
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import Certificate

from .. import approval
from ..brand import brand_of
from ..gate import Entry, draw, through_gate
from ..visitor_policy import Right


@require_safe
@through_gate(Right.APPROVE)
def certificate(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Show the certificate as a page to print."""
    found = _own(entry)
    if found is None:
        return draw("sharing/unknown.html", status=404)
    context = certificates.shown(found) | {
        "tab_title": _("Certificate of approval"),
        "token": entry.link.token,
        "brand": brand_of(entry.link, entry.decision),
    }
    return draw("sharing/certificate.html", context)


@require_safe
@through_gate(Right.APPROVE)
def certificate_file(request: HttpRequest, entry: Entry) -> HttpResponse:
    found = _own(entry)
    return certificates.as_file(found) if found else draw("sharing/unknown.html", status=404)


def _own(entry: Entry) -> Certificate | None:
    """Return the certificate for this browser's approval of the shown take, unless it was withdrawn."""
    video = entry.link.video
    speaker = approval.speaker_before(entry)
    if not (speaker.guest or entry.proven.is_email_confirmed):
        return None
    verdicts = list(video.verdicts.select_related("user"))
    own = approval.own(entry, verdicts, speaker, fingerprint_of(video))
    return Certificate.of(own) if own else None
