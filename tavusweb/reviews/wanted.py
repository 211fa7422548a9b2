"""Approval requirements of a video. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """Number of approvals needed, from anyone or from named reviewers, each given by their proven identities."""

    needed: int = 1
    reviewers: tuple[frozenset[str], ...] = ()


ANYBODY = Wanted()
