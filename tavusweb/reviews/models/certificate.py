import json
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from tavusweb.sealing import CannotOpen, seal, unseal

from ..certificate_format import decode, encode, key_id
from .verdict import Verdict


class CertificateKeyManager(models.Manager["CertificateKey"]):
    def current(self) -> "CertificateKey":
        """Return the signing key, creating one if none exists or the key ring can no longer open it."""
        found = self.filter(is_current=True).first()
        if found and found.can_sign:
            return found
        try:
            with transaction.atomic():
                return self.rotate()
        except IntegrityError:  # another process was quicker
            return self.get(is_current=True)

    def rotate(self) -> "CertificateKey":
        """Create a new signing key. The old public key is kept to verify earlier signatures."""
        self.filter(is_current=True).update(is_current=None, retired_at=timezone.now(), sealed="")
        return self.create_new()

    def create_new(self) -> "CertificateKey":
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
        row = self.model(id=key_id(public), public=encode(public), is_current=True)
        row.put_private(private)
        row.save(force_insert=True)
        return row

    def public(self) -> dict[str, bytes]:
        return {row.pk: decode(row.public) for row in self.all()}


class CertificateKey(models.Model):
    """A certificate signing key. After rotation only the public key is kept."""

    id = models.CharField(primary_key=True, max_length=16)
    public = models.CharField(max_length=43)
    sealed = models.TextField(blank=True, editable=False)
    is_current = models.BooleanField(null=True, unique=True, editable=False)  # True or NULL: one row is
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CertificateKeyManager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.pk

    @property
    def _row(self) -> str:
        return f"reviews.certificatekey:{self.pk}"

    def put_private(self, private: Ed25519PrivateKey) -> None:
        self.sealed = seal(encode(private.private_bytes_raw()), row=self._row)

    def private(self) -> Ed25519PrivateKey:
        """Return the private key. Raises sealing.CannotOpen."""
        return Ed25519PrivateKey.from_private_bytes(decode(unseal(self.sealed, row=self._row)))

    @property
    def can_sign(self) -> bool:
        try:
            self.private()
        except CannotOpen:
            return False
        return True

    def reseal(self) -> bool:
        """Reseal with the newest ring key; return False if the row changed meanwhile. Raises CannotOpen."""
        sealed = seal(unseal(self.sealed, row=self._row), row=self._row)
        return bool(CertificateKey.objects.filter(pk=self.pk, sealed=self.sealed).update(sealed=sealed))


class Certificate(models.Model):
    """The exact bytes signed when a video was approved."""

    verdict = models.OneToOneField(Verdict, models.CASCADE, related_name="certificate")
    text = models.TextField(editable=False)

    def __str__(self) -> str:
        return str(self.verdict)

    @property
    def fields(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found

    @property
    def file_name(self) -> str:
        return f"certificate-{self.pk}.json"

    @classmethod
    def of(cls, verdict: Verdict) -> Self | None:
        return cls.objects.filter(verdict=verdict).select_related("verdict__video").first()
