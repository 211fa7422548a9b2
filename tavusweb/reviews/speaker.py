"""Who answers to a video, as the gate that let them in knows them. Reviews know no share links."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Proof(models.TextChoices):
    """How it is known who spoke."""

    MEMBER = "member", _("Signed in as a member")
    CODE = "code", _("Email confirmed by a code")
    EMAIL = "email", _("Email entered, not confirmed")
    NAME = "name", _("Name entered")
    NONE = "none", _("Anonymous")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody with something to say. `link` and `link_name` are the gate they came through; "" in the workspace.

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
        """Tells reviewers apart: the best that was proven."""
        if self.user is not None:
            return f"user:{self.user.pk}"
        if self.email:
            return f"email:{self.email.lower()}"
        return f"name:{self.link}:{self.name.casefold()}"


def member_speaker(user: Any) -> Speaker:
    """A signed-in member, on a page of the workspace."""
    return Speaker(Proof.MEMBER, user.name, user.email, user)
