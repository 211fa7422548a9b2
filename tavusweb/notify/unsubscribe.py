"""Signed tokens that turn off the mails of one person without a sign-in. They open nothing else."""

from dataclasses import dataclass

from django.core import signing

from .kinds import Kind

SALT = "tavusweb.notify.unsubscribe"


@dataclass(frozen=True)
class Unsubscribe:
    """Whose mails, and about what."""

    user_pk: int
    kinds: tuple[str, ...]

    @property
    def token(self) -> str:
        """Without an end: a mail can be years old when its reader has had enough."""
        return signing.Signer(salt=SALT).sign_object({"user": self.user_pk, "kinds": self.kinds}, compress=True)

    @classmethod
    def read(cls, token: str) -> "Unsubscribe | None":
        """None for a token that is not ours."""
        try:
            value = signing.Signer(salt=SALT).unsign_object(token)
            kinds = tuple(kind for kind in value["kinds"] if kind in Kind.values)
            return cls(int(value["user"]), kinds)
        except (signing.BadSignature, ValueError, KeyError, TypeError):
            return None
