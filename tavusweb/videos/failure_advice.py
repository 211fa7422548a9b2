"""Advice on failed videos."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FailureReason(models.TextChoices):
    """Why a video failed: the codes of `tavus.failure_codes`, and a refused request. The labels are advice."""

    GENERATION_FAILED = (
        "generation_failed",
        _("Tavus had an error while rendering. Retry the video; if it fails again, check its script and recording."),
    )
    REPLICA_IN_ERROR = "replica_in_error", _("This replica is in an error state at Tavus. Choose another replica.")
    AUDIO_TOO_LARGE = "audio_too_large", _("The recording is larger than 750 MB. Use a smaller file.")
    AUDIO_WRONG_TYPE = "audio_wrong_type", _("Tavus doesn’t accept this type of audio. Convert it to MP3 or WAV.")
    AUDIO_TOO_SHORT = "audio_too_short", _("The recording is shorter than 3 seconds. Use a longer one.")
    AUDIO_TOO_LONG = "audio_too_long", _("The recording is longer than 10 minutes. Use a shorter one.")
    AUDIO_UNREACHABLE = (
        "audio_unreachable",
        _("Tavus couldn’t download the recording. Make its URL public, or upload the file here."),
    )
    SCRIPT_REJECTED = "script_rejected", _("The script violates Tavus’s community guidelines. Edit the script.")
    REFUSED = "refused", _("Tavus rejected the request. Edit the video and try again.")
    UNKNOWN = "unknown", _("Tavus gave no reason that we recognise. Its message is shown above.")


def advice_on(code: str) -> str:
    """Return the advice on a failure code; for unknown codes, that of UNKNOWN."""
    reason = FailureReason(code) if code in FailureReason.values else FailureReason.UNKNOWN
    return str(reason.label)


# Sent again unchanged, such a video fails again.
OF_INPUT = frozenset(
    {
        FailureReason.REPLICA_IN_ERROR,
        FailureReason.AUDIO_TOO_LARGE,
        FailureReason.AUDIO_WRONG_TYPE,
        FailureReason.AUDIO_TOO_SHORT,
        FailureReason.AUDIO_TOO_LONG,
        FailureReason.AUDIO_UNREACHABLE,
        FailureReason.SCRIPT_REJECTED,
        FailureReason.REFUSED,
    }
)
