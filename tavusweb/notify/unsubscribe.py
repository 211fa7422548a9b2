"""Signed tokens that unsubscribe one person without a sign-in and grant nothing else."""

from dataclasses import dataclass

from django.core import signing

from .kinds import Kind

SALT = "tavusweb.notify.unsubscribe"


@dataclass(frozen=True)
class Unsubscribe:
    """The recipient and kinds that a token unsubscribes."""

    user_pk: int
    kinds: tuple[str, ...]

    @property
    def token(self) -> str:
        """Return a token without expiry: people unsubscribe from mails years old."""
        return signing.Signer(salt=SALT).sign_object({"user": self.user_pk, "kinds": self.kinds}, compress=True)

    @classmethod
    def read(cls, token: str) -> "Unsubscribe | None":
        """Read a token; return None if it is not genuine."""
        try:
            value = signing.Signer(salt=SALT).unsign_object(token)
            kinds = tuple(kind for kind in value["kinds"] if kind in Kind.values)
            return cls(int(value["user"]), kinds)
        except (signing.BadSignature, ValueError, KeyError, TypeError):
            return None
