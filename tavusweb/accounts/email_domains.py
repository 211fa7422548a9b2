"""Domains of email addresses: their spelling, who has verified an address there, and which are public."""

from pathlib import Path

from allauth.account.models import EmailAddress

from .models import User


def in_ascii(domain: str) -> str:
    """A domain as in DNS: in lower case, international names in their xn-- form."""
    try:
        return domain.strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        return domain.lower()


def domain_of(email: str) -> str:
    return in_ascii(email.rpartition("@")[2])


def verified_domains(user: User) -> set[str]:
    verified = EmailAddress.objects.filter(user=user, verified=True)
    return {domain_of(email) for email in verified.values_list("email", flat=True)}


# Anyone can get an address at one of these.
PUBLIC_MAIL = frozenset(Path(__file__).with_name("public_mail_domains.txt").read_text().split())
