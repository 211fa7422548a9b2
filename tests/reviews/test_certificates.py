"""Certificates of approvals: signed to the byte, verified by anyone with the public keys, also after a rotation."""

import base64
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.reviews import actions
from tavusweb.reviews.certificate_format import canonical, encode, key_id, problems, sign
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import Certificate, CertificateKey, Verdict, VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

PRIVATE = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = PRIVATE.public_key().public_bytes_raw()
KEYS = {key_id(PUBLIC): PUBLIC}
FILE = sign({"by": {"name": "Ada “Åß” \u202e"}, "at": "2026-11-27T10:00:00Z", "id": "1"}, PRIVATE).encode()
ADA = Speaker(Proof.CODE, "Ada", "ada@example.com", link="7", link_name="For Ada", guest="mark")


class TestFormat:
    def test_signed_certificate_is_genuine(self) -> None:
        assert problems(FILE, KEYS) == []

    @given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
    def test_any_changed_byte_is_detected(self, place: int, difference: int) -> None:
        changed = bytearray(FILE)
        changed[place] ^= difference

        assert problems(bytes(changed), KEYS)

    @given(st.integers(0, len(FILE)), st.binary(min_size=1, max_size=3))
    def test_any_insertion_or_deletion_is_detected(self, place: int, more: bytes) -> None:
        longer, shorter = FILE[:place] + more + FILE[place:], FILE[:place] + FILE[place + len(more) :]

        assert [bool(problems(each, KEYS)) for each in (longer, shorter) if each != FILE] == [True] * sum(
            each != FILE for each in (longer, shorter)
        )

    @given(st.binary(max_size=400))
    def test_arbitrary_files_are_rejected_without_crashing(self, data: bytes) -> None:
        assert problems(data, KEYS)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "isn’t JSON"),
            ("[" * 50_000, "isn’t JSON"),
            ("[]", "isn’t a tavusweb approval certificate"),
            ('{"format":"tavusweb-approval-certificate","version":2}', "version isn’t 1"),
            ('{"format":"tavusweb-approval-certificate","version":1}', "isn’t among the known keys"),
            ("x" * 100_001, "larger than 100,000 bytes"),
        ],
    )
    def test_each_problem_is_reported_as_a_sentence(self, text: str, words: str) -> None:
        assert words in problems(text.encode(), KEYS)[0]

    def test_signature_by_an_unknown_key_is_rejected(self) -> None:
        forged = sign({"at": "now"}, Ed25519PrivateKey.generate())

        assert "isn’t among the known keys" in problems(forged.encode(), KEYS)[0]

    def test_reformatted_file_is_rejected(self) -> None:
        [problem] = problems(json.dumps(json.loads(FILE), indent=2, sort_keys=True).encode(), KEYS)

        assert "reformatted" in problem

    def test_canonical_json_is_sorted_and_compact(self) -> None:
        assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Launch", tavus_id="v1", hosted_url="https://tavus.video/v1")


@pytest.fixture
def verdict(video: Video) -> Verdict:
    return actions.decide(Actor(), ADA, video, VerdictKind.APPROVED, shown=fingerprint_of(video))


@pytest.fixture
def file(verdict: Verdict, tmp_path: Path) -> Path:
    path = tmp_path / "certificate.json"
    path.write_text(verdict.certificate.text)
    return path


def verify(*arguments: Any) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_certificate", *map(str, arguments), stdout=out, stderr=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_certificate_records_reviewer_proof_time_and_take(verdict: Verdict, video: Video) -> None:
    fields = json.loads(verdict.certificate.text)

    assert fields["by"] == {"name": "Ada", "email": "ada@example.com", "proof": "code"}
    assert fields["video"]["fingerprint"] == fingerprint_of(video)
    assert (fields["video"]["title"], fields["video"]["take"], fields["decision"]) == ("Launch", "v1", "approved")
    assert fields["at"].endswith("Z")


def test_request_for_changes_has_no_certificate(video: Video) -> None:
    actions.decide(Actor(), ADA, video, VerdictKind.CHANGES, shown=fingerprint_of(video), reason="Dates")

    assert not Certificate.objects.exists()


class TestCommand:
    def test_genuine_file_is_reported_with_exit_code_0(self, file: Path) -> None:
        code, said = verify(file)

        assert code == 0
        assert "Genuine: Ada <ada@example.com> approved “Launch”" in said
        assert "Email confirmed by a code." in said

    def test_changed_file_exits_with_1_and_a_line_per_problem(self, file: Path) -> None:
        file.write_text(file.read_text().replace("Launch", "Lunch!"))

        code, said = verify(file)

        assert (code, len(said.splitlines())) == (1, 1)
        assert "The signature doesn’t match" in said

    @pytest.mark.parametrize("what", ["the certificate", "the keys"])
    def test_missing_file_exits_with_1(self, what: str, file: Path, tmp_path: Path) -> None:
        missing = tmp_path / "missing.json"

        code, said = verify(missing) if what == "the certificate" else verify(file, "--keys", missing)

        assert code == 1
        assert "can’t be read: No such file or directory." in said

    def test_keys_file_needs_no_database(
        self, file: Path, tmp_path: Path, client: Client, django_assert_num_queries: Any
    ) -> None:
        keys = tmp_path / "keys.json"
        keys.write_bytes(client.get("/.well-known/tavusweb-certificates.json").content)
        CertificateKey.objects.all().delete()

        assert verify(file)[0] == 1, "this instance has lost its keys"
        with django_assert_num_queries(0):
            assert verify(file, "--keys", keys)[0] == 0

    @pytest.mark.parametrize("text", ["", "{}", '{"keys": [{}]}', '{"keys": [{"id": "a", "public": "AAAA"}]}'])
    def test_unusable_keys_file_exits_with_1(self, text: str, file: Path, tmp_path: Path) -> None:
        keys = tmp_path / "keys.json"
        keys.write_text(text)

        assert verify(file, "--keys", keys)[0] == 1

    def test_withdrawn_approval_is_genuine_and_reported_as_withdrawn(self, file: Path, verdict: Verdict) -> None:
        actions.withdraw(Actor(), ADA, verdict)

        code, said = verify(file)

        assert code == 0
        assert "The approval was taken back at" in said

    def test_after_a_rotation_old_and_new_certificates_are_valid(
        self, file: Path, video: Video, verdict: Verdict
    ) -> None:
        old = CertificateKey.objects.get()

        call_command("rotate_certificate_key", stdout=StringIO())

        assert verify(file)[0] == 0
        bob = Speaker(Proof.NAME, "Bob", link="7")
        newer = actions.decide(Actor(), bob, video, VerdictKind.APPROVED, shown=fingerprint_of(video))
        new = CertificateKey.objects.get(is_current=True)
        assert json.loads(newer.certificate.text)["key"] == new.pk != old.pk
        old.refresh_from_db()
        assert (old.sealed, old.retired_at is not None) == ("", True)
        [event] = AuditEvent.objects.filter(action=AuditAction.CERTIFICATE_KEY_ROTATED)
        assert event.after == {"key_id": new.pk}


class TestKeys:
    def test_private_key_is_encrypted_and_never_served(self, verdict: Verdict, client: Client) -> None:
        key = CertificateKey.objects.get()

        served = client.get("/.well-known/tavusweb-certificates.json").json()["keys"]

        assert [(each["id"], each["algorithm"], each["retired_at"]) for each in served] == [(key.pk, "Ed25519", None)]
        private = encode(key.private().private_bytes_raw())
        assert private not in key.sealed
        assert private not in json.dumps(served)

    def test_approval_succeeds_after_the_field_key_is_lost(self, verdict: Verdict, video: Video, settings: Any) -> None:
        settings.FIELD_KEYS = [base64.urlsafe_b64encode(b"n" * 32).decode()]

        bob = Speaker(Proof.NAME, "Bob", link="7")
        newer = actions.decide(Actor(), bob, video, VerdictKind.APPROVED, shown=fingerprint_of(video))

        keys = CertificateKey.objects.public()
        assert len(keys) == 2
        for each in (verdict, newer):
            assert problems(each.certificate.text.encode(), keys) == []

    def test_field_key_rotation_reencrypts_the_signing_key(self, verdict: Verdict, settings: Any) -> None:
        settings.FIELD_KEYS = [base64.urlsafe_b64encode(b"n" * 32).decode(), *settings.FIELD_KEYS]

        call_command("rotate_field_keys", stdout=StringIO())

        settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
        assert CertificateKey.objects.get().can_sign


class TestPages:
    def test_members_can_print_and_download_the_certificate(
        self, verdict: Verdict, video: Video, as_maria: Client
    ) -> None:
        page = as_maria.get(reverse("verdict_certificate", args=["acme", verdict.pk]))
        assert reverse("verdict_certificate", args=["acme", verdict.pk]) in as_maria.get(video.get_absolute_url()).text
        assert "This approval holds" in page.text
        assert fingerprint_of(video) in page.text

        served = as_maria.get(reverse("verdict_certificate_file", args=["acme", verdict.pk]))

        assert served.content.decode() == verdict.certificate.text
        assert served["Content-Disposition"].startswith("attachment")

    def test_certificate_page_reports_a_changed_video(self, verdict: Verdict, as_maria: Client) -> None:
        Video.objects.update(script="Other words")

        assert (
            "The video has changed since."
            in as_maria.get(reverse("verdict_certificate", args=["acme", verdict.pk])).text
        )

    def test_another_workspaces_certificate_is_not_found(self, verdict: Verdict, zoe: User, client: Client) -> None:
        client.force_login(zoe)

        assert client.get(reverse("verdict_certificate", args=["rival", verdict.pk])).status_code == 404
