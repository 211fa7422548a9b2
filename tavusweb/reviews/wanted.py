"""What the approval of a video takes. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many approvals are needed: of anybody, or of the named reviewers, each by the identities that prove them."""

    needed: int = 1
    reviewers: tuple[frozenset[str], ...] = ()


ANYBODY = Wanted()
