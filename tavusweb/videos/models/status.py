"""Every status of a video and every transition. A pair that is not listed cannot happen."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Sending")
    UNSURE = "unsure", _("Checking with Tavus")
    QUEUED = "queued", _("Queued")
    GENERATING = "generating", _("Generating")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    DELETED = "deleted", _("Deleted")


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.WAITING}),
    Status.WAITING: frozenset({Status.SENDING, Status.CANCELLED}),
    Status.SENDING: frozenset({Status.QUEUED, Status.UNSURE, Status.WAITING, Status.FAILED}),
    Status.UNSURE: frozenset({Status.QUEUED, Status.WAITING}),
    # Back to unsure only from a Tavus ID that was never confirmed.
    Status.QUEUED: frozenset({Status.GENERATING, Status.READY, Status.FAILED, Status.DELETED, Status.UNSURE}),
    Status.GENERATING: frozenset({Status.READY, Status.FAILED, Status.DELETED}),
    Status.READY: frozenset({Status.DELETED}),
    Status.FAILED: frozenset({Status.WAITING, Status.DELETED}),
    Status.CANCELLED: frozenset({Status.WAITING, Status.DELETED}),
    Status.DELETED: frozenset(),
}

PENDING = frozenset({Status.WAITING, Status.SENDING, Status.UNSURE, Status.QUEUED, Status.GENERATING})
AT_TAVUS = frozenset({Status.QUEUED, Status.GENERATING})  # in production there


class DeleteMode(models.TextChoices):
    """How a video is to be deleted at Tavus."""

    SOFT = "soft", _("Delete")
    HARD = "hard", _("Delete permanently")


class Lateness(models.TextChoices):
    """How much longer than expected a video has been rendering."""

    SLOW = "slow", _("Slow")
    STUCK = "stuck", _("Stuck")


class IDSource(models.TextChoices):
    """Who gave a Tavus ID that no reading has confirmed yet."""

    ANSWER = "answer", _("An answer without a name")
    PERSON = "person", _("A person")


class UnsureCause(models.TextChoices):
    """Why a submission is unsure, where no message from Tavus tells."""

    ANOTHER_VIDEO = "another_video", _("Tavus answered with another video.")
    BROKE = "broke", _("This server had an error while sending it.")
    PROCESS_DIED = "process_died", _("The process that was sending it stopped.")


class Ask(models.TextChoices):
    """Why a person has to decide what became of an unsure submission."""

    NO_WITNESS = "no_witness", _("This API key has no other videos at Tavus to check its list against.")
    TOO_LONG = "too_long", _("The list of videos at Tavus is too long to check completely.")
    NO_PROOF = "no_proof", _("Tavus’s list couldn’t be read completely and consistently within 10 minutes.")
    ABSENT_AGAIN = "absent_again", _("It was already sent again once and is missing at Tavus again.")
    DIED_TWICE = "died_twice", _("The process that was sending it stopped twice.")
    KEY_REPLACED = "key_replaced", _("The API key has been replaced, so the list may belong to another account.")
    OTHER_ANSWER = "other_answer", _("Tavus answered with a video under another name.")
    OTHER_VIDEO = "other_video", _("This Tavus ID belongs to another video.")
    ID_NOT_FOUND = "id_not_found", _("Tavus has no video with this ID.")
