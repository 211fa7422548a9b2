"""Domains of addresses: how one is spelled, who has shown to receive mail there, and where anybody can."""

from pathlib import Path

from allauth.account.models import EmailAddress

from .models import User


def in_ascii(domain: str) -> str:
    """A domain as names are looked up: lower case, and xn--… where it is written in other letters."""
    try:
        return domain.strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        return domain.lower()


def domain_of(email: str) -> str:
    return in_ascii(email.rpartition("@")[2])


def verified_domains(user: User) -> set[str]:
    verified = EmailAddress.objects.filter(user=user, verified=True)
    return {domain_of(email) for email in verified.values_list("email", flat=True)}


# No organisation vouches for who is behind an address at one of these.
PUBLIC_MAIL = frozenset(Path(__file__).with_name("public_mail_domains.txt").read_text().split())
