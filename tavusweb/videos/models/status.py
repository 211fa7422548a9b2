"""The whole life of a video. A pair that is not listed cannot happen."""

from django.db import models


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Sending"
    UNSURE = "unsure", "Checking with Tavus"
    QUEUED = "queued", "Queued"
    GENERATING = "generating", "Generating"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    DELETED = "deleted", "Deleted"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.WAITING}),
    Status.WAITING: frozenset({Status.SENDING, Status.CANCELLED}),
    Status.SENDING: frozenset({Status.QUEUED, Status.UNSURE, Status.WAITING, Status.FAILED}),
    Status.UNSURE: frozenset({Status.QUEUED, Status.WAITING}),
    Status.QUEUED: frozenset({Status.GENERATING, Status.READY, Status.FAILED, Status.DELETED}),
    Status.GENERATING: frozenset({Status.READY, Status.FAILED, Status.DELETED}),
    Status.READY: frozenset({Status.DELETED}),
    Status.FAILED: frozenset({Status.WAITING, Status.DELETED}),
    Status.CANCELLED: frozenset({Status.WAITING, Status.DELETED}),
    Status.DELETED: frozenset(),
}

PENDING = frozenset({Status.WAITING, Status.SENDING, Status.UNSURE, Status.QUEUED, Status.GENERATING})
AT_TAVUS = frozenset({Status.QUEUED, Status.GENERATING})  # in production there


class Ask(models.TextChoices):
    """Why a person has to decide what became of an unsure submission."""

    NO_WITNESS = "no_witness", "This API key has no other video at Tavus by which its list could be checked."
    TOO_LONG = "too_long", "The list of videos at Tavus is too long to be checked completely."
    NO_PROOF = "no_proof", "Tavus’s list could not be read completely and consistently within 10 minutes."
    ABSENT_AGAIN = "absent_again", "It was sent again once already, and is missing at Tavus again."
    DIED_TWICE = "died_twice", "The process that sent it stopped twice while doing so."
