"""Why a video failed, told from what Tavus wrote about it (tavus-api.md, "Why a video fails")."""

import re
from enum import StrEnum


class FailureCode(StrEnum):
    GENERATION_FAILED = "generation_failed"
    REPLICA_IN_ERROR = "replica_in_error"
    AUDIO_TOO_LARGE = "audio_too_large"
    AUDIO_WRONG_TYPE = "audio_wrong_type"
    AUDIO_TOO_SHORT = "audio_too_short"
    AUDIO_TOO_LONG = "audio_too_long"
    AUDIO_UNREACHABLE = "audio_unreachable"
    SCRIPT_REJECTED = "script_rejected"
    UNKNOWN = "unknown"


# Tavus documents the substance, not the wording, so each rule looks for what no other reason would say.
# The first that fits wins: a refusal often ends by listing every limit ("... MP3 or WAV, up to 750 MB").
RULES = [
    (FailureCode.SCRIPT_REJECTED, r"guideline|violat|moderat|content polic"),
    (
        FailureCode.REPLICA_IN_ERROR,
        r"\b(replica|face)\b.*(error state|state of error|in error|(cannot|can ?not|can't|unable to) process)",
    ),
]
AUDIO_RULES = [
    (
        FailureCode.AUDIO_UNREACHABLE,
        r"download|fetch|retriev|unreachable|inaccessible|not (publicly )?(accessible|reachable)"
        r"|(unable to|failed to|cannot|can not|can't|could not|couldn't) (be )?(access|reach)",
    ),
    (
        FailureCode.AUDIO_WRONG_TYPE,
        r"(not|n't|un)\W?(an? )?(accept|support|allow|valid)\w*|invalid|(wrong|bad|incorrect) \w* ?(type|format)"
        r"|must be (an? )?\W?(mp3|wav)|not (an? )?\W?(mp3|wav)",
    ),
    (
        FailureCode.AUDIO_TOO_LARGE,
        r"too (large|big)|larger than|bigger than|750|file ?size|\d ?(mb|gb|megabytes?|gigabytes?)\b",
    ),
    (
        FailureCode.AUDIO_TOO_SHORT,
        r"too short|shorter than|(under|below|less than|at least|minimum\b.*) ?(3|three)\b|minimum (length|duration)",
    ),
    (
        FailureCode.AUDIO_TOO_LONG,
        r"too long|longer than|(10|ten)[ -]?min|600 ?s|(maximum|max|exceed\w*)\b.*(length|duration)",
    ),
    (FailureCode.AUDIO_WRONG_TYPE, r"\b(type|format|codec|mp3|wav)\b"),
]
LAST_RULES = [
    (
        FailureCode.GENERATION_FAILED,
        r"error (occurred|while|during)|(occurred|failed|failure|error|wrong)\b.*generat|generat\w*\b.*(fail|error)"
        r"|something went wrong|internal error|check (your )?inputs?|try (your request )?again",
    ),
]


def failure_code(said: str) -> FailureCode:
    """Tell the reason from the provider's words, in any case and wording; UNKNOWN when they fit none."""
    text = said.lower()
    rules = RULES + (AUDIO_RULES if "audio" in text else []) + LAST_RULES
    return next((code for code, pattern in rules if re.search(pattern, text)), FailureCode.UNKNOWN)
