"""Authors of feedback, as identified by the gate that admitted them. Reviews do not depend on share links."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Proof(models.TextChoices):
    """How an author's identity was verified."""

    MEMBER = "member", _("Signed in as a member")
    CODE = "code", _("Email confirmed by a code")
    EMAIL = "email", _("Email entered, not confirmed")
    NAME = "name", _("Name entered")
    NONE = "none", _("Anonymous")


@dataclass(frozen=True, slots=True)
class Speaker:
    """An author of feedback. `link` and `link_name` identify the gate they passed; "" in the workspace.

    `guest` is what is kept of the mark in a guest's browser.
    """

    proof: Proof
    name: str = ""
    email: str = ""
    user: Any = None
    link: str = ""
    link_name: str = ""
    guest: str = ""
    gate_owner: int | None = None  # the key of who opened that gate

    @property
    def identity(self) -> str:
        """Return the best proven identity, which distinguishes reviewers."""
        if self.user is not None:
            return f"user:{self.user.pk}"
        if self.email:
            return f"email:{self.email.lower()}"
        return f"name:{self.link}:{self.name.casefold()}"


def member_speaker(user: Any) -> Speaker:
    """A signed-in member, on a page of the workspace."""
    return Speaker(Proof.MEMBER, user.name, user.email, user)
