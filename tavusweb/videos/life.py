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


NEXT: dict[Status, frozenset[Status]] = {
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


class Wait(models.TextChoices):
    """Why a video waits in our own queue."""

    NONE = "", ""
    TURN = "turn", "It is next in line."
    SLOTS = "slots", "All slots of this API key at Tavus are taken. It goes out when one is free."
    RATE_LIMITED = "rate_limited", "Tavus asked us to slow down."
    OUT_OF_CREDITS = "out_of_credits", "The Tavus account has no credits left. It goes out when there are some."
    KEY_REFUSED = "key_refused", "Tavus refuses this API key. It goes out when the key works again."
    KEY_FROZEN = "key_frozen", "The API key is frozen. It goes out when the key is unfrozen."
    KEY_UNREADABLE = "key_unreadable", "The API key cannot be opened on this server. Paste it again on the keys page."
    UNREACHABLE = "unreachable", "Tavus could not be reached. It is tried again by itself."


class Ask(models.TextChoices):
    """Why a person has to decide what became of an unsure submission."""

    NO_WITNESS = "no_witness", "This API key has no other video at Tavus by which its list could be checked."
    TOO_LONG = "too_long", "The list of videos at Tavus is too long to be checked completely."
    NO_PROOF = "no_proof", "Tavus’s list could not be read completely and consistently within 10 minutes."
    ABSENT_AGAIN = "absent_again", "It was sent again once already, and is missing at Tavus again."
    DIED_TWICE = "died_twice", "The process that sent it stopped twice while doing so."


class FailureAdvice:
    """What a person can do about each reason for which a video fails (`RemoteVideo.failure_code`)."""

    BY_CODE = {
        "generation_failed": "Something went wrong at Tavus while rendering. Try again; if it fails again, check the inputs.",
        "replica_in_error": "This replica is in an error state at Tavus. Choose another replica.",
        "audio_too_large": "The audio is larger than 750 MB. Use a smaller file.",
        "audio_wrong_type": "The audio is of a type that Tavus does not take. Convert it to MP3 or WAV.",
        "audio_too_short": "The audio is shorter than 3 seconds. Use a longer recording.",
        "audio_too_long": "The audio is longer than 10 minutes. Use a shorter recording.",
        "audio_unreachable": "Tavus could not download the audio. Make its address public, or upload the file here.",
        "script_rejected": "The script violates the community guidelines of Tavus. Edit the script.",
        "refused": "Tavus did not accept the request. Correct what it names, then try again.",
        "unknown": "Tavus gave no reason that we know. Its own words are shown above.",
    }
