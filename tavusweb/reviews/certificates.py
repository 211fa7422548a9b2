"""Approval certificates, signed in the approval's transaction: reviewer, proof, time and exact content."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.dateparse import parse_datetime

from .certificate_format import sign
from .fingerprint import fingerprint_of
from .models.certificate import Certificate, CertificateKey
from .models.verdict import Verdict
from .speaker import Proof


def issue(verdict: Verdict) -> Certificate:
    """Sign and store the certificate of a newly saved approval."""
    video = verdict.video
    fields = {
        "issuer": settings.SITE_URL,
        "id": str(verdict.pk),
        "decision": verdict.kind,
        "at": _utc(verdict.created_at),
        "by": {"name": verdict.speaker_name, "email": verdict.email, "proof": verdict.proof},
        "video": {
            "id": str(video.pk),
            "title": video.display_title,
            "take": video.tavus_id,
            "take_at": _utc(verdict.take_at) if verdict.take_at else "",
            "fingerprint": verdict.fingerprint,
        },
    }
    return Certificate.objects.create(verdict=verdict, text=sign(fields, CertificateKey.objects.current().private()))


def shown(certificate: Certificate) -> dict[str, Any]:
    """Return the printable page's context: the signed fields, and whether the approval is still valid."""
    verdict, fields = certificate.verdict, certificate.fields
    return {
        "certificate": fields,
        "proof": Proof(fields["by"]["proof"]).label,
        "at": parse_datetime(fields["at"]),
        "take_at": parse_datetime(fields["video"]["take_at"]) if fields["video"]["take_at"] else None,
        "withdrawn_at": verdict.withdrawn_at,
        "has_changed": verdict.fingerprint != fingerprint_of(verdict.video),
    }


def as_file(certificate: Certificate) -> HttpResponse:
    """Return the signed bytes as a download."""
    name = f'attachment; filename="{certificate.file_name}"'
    return HttpResponse(certificate.text.encode(), "application/json", headers={"Content-Disposition": name})


def public_keys() -> dict[str, Any]:
    """Return the current and previous verification keys."""
    return {
        "keys": [
            {
                "id": row.pk,
                "algorithm": "Ed25519",
                "public": row.public,
                "created_at": _utc(row.created_at),
                "retired_at": _utc(row.retired_at) if row.retired_at else None,
            }
            for row in CertificateKey.objects.all()
        ]
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
