"""Who acts: a person in a browser, later a token or a guest, or the program itself."""

from dataclasses import dataclass, replace
from typing import Any, Self

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from tavusweb.http import client_address


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, from where, and in which workspace.

    `user` is None for the program and for people without an account; `label` then says who that is. `address` and
    `agent` are "" where no request is behind the act.
    """

    user: Any = None
    label: str = ""
    address: str = ""
    agent: str = ""
    workspace: Any = None  # a workspace; its type belongs to a higher layer
    is_operator: bool = False  # acts by the admin's permissions instead of a role in the workspace

    @classmethod
    def of(cls, request: HttpRequest | None) -> Self:
        """The person behind a request, in its workspace; nobody without a request."""
        if request is None:
            return cls()
        person = getattr(request, "user", None)
        return cls(
            user=person if isinstance(person, get_user_model()) else None,
            address=client_address(request),
            agent=request.headers.get("User-Agent", ""),
            workspace=getattr(request, "workspace", None),
        )

    @classmethod
    def operator(cls, request: HttpRequest) -> "Actor":
        """The person behind a request of the admin, which has checked the permission."""
        return replace(cls.of(request), is_operator=True)

    @classmethod
    def system(cls, label: str, *, user: AbstractBaseUser | None = None) -> Self:
        """A part of the program, such as "retention"; `user` is the person it acts for, if any."""
        return cls(user=user, label=label)

    def as_user(self, user: AbstractBaseUser | None) -> "Actor":
        """The same browser with a known user, after a sign-in or a sign-up."""
        return replace(self, user=user)
