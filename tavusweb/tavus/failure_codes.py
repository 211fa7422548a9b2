"""Classify why a video failed from the message by Tavus."""

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


LONGEST = 4096  # characters that are searched

# Tavus documents the substance, not the wording, so each rule matches words that no other reason contains: one pattern,
# or two that follow each other. These take two searches, because `first.*second` is quadratic.
# The first match wins: a refusal often ends by listing every limit ("... MP3 or WAV, up to 750 MB").
Rule = tuple[FailureCode, re.Pattern[str], re.Pattern[str] | None]


def _rule(code: FailureCode, first: str, then: str = "") -> Rule:
    return code, re.compile(first), re.compile(then) if then else None


RULES = [
    _rule(FailureCode.SCRIPT_REJECTED, r"guideline|violat|moderat|content polic"),
    _rule(
        FailureCode.REPLICA_IN_ERROR,
        r"\b(replica|face)\b",
        r"error state|state of error|in error|(cannot|can ?not|can't|unable to) process",
    ),
]
AUDIO_RULES = [
    _rule(
        FailureCode.AUDIO_UNREACHABLE,
        r"download|fetch|retriev|unreachable|inaccessible|not (publicly )?(accessible|reachable)"
        r"|(unable to|failed to|cannot|can not|can't|could not|couldn't) (be )?(access|reach)",
    ),
    _rule(
        FailureCode.AUDIO_WRONG_TYPE,
        r"(not|n't|un)\W?(an? )?(accept|support|allow|valid)|invalid|(wrong|bad|incorrect) (\w{1,20} ?)?(type|format)"
        r"|must be (an? )?\W?(mp3|wav)|not (an? )?\W?(mp3|wav)",
    ),
    _rule(
        FailureCode.AUDIO_TOO_LARGE,
        r"too (large|big)|larger than|bigger than|750|file ?size|\d ?(mb|gb|megabytes?|gigabytes?)\b",
    ),
    _rule(
        FailureCode.AUDIO_TOO_SHORT,
        r"too short|shorter than|(under|below|less than|at least) ?(3|three)\b|minimum (length|duration)",
    ),
    _rule(FailureCode.AUDIO_TOO_SHORT, r"minimum\b", r"(3|three)\b"),
    _rule(FailureCode.AUDIO_TOO_LONG, r"too long|longer than|(10|ten)[ -]?min|600 ?s"),
    _rule(FailureCode.AUDIO_TOO_LONG, r"(maximum|max)\b|exceed", r"length|duration"),
    _rule(FailureCode.AUDIO_WRONG_TYPE, r"\b(type|format|codec|mp3|wav)\b"),
]
LAST_RULES = [
    _rule(
        FailureCode.GENERATION_FAILED,
        r"error (occurred|while|during)"
        r"|something went wrong|internal error|check (your )?inputs?|try (your request )?again",
    ),
    _rule(FailureCode.GENERATION_FAILED, r"(occurred|failed|failure|error|wrong)\b", r"generat"),
    _rule(FailureCode.GENERATION_FAILED, r"generat", r"fail|error"),
]


def failure_code(provider_message: str) -> FailureCode:
    """Classify the start of the provider's message, in any case and wording; UNKNOWN if no rule matches."""
    text = provider_message[:LONGEST].lower()
    rules = RULES + (AUDIO_RULES if "audio" in text else []) + LAST_RULES
    return next((code for code, first, then in rules if _fits(text, first, then)), FailureCode.UNKNOWN)


def _fits(text: str, first: re.Pattern[str], then: re.Pattern[str] | None) -> bool:
    match = first.search(text)
    return bool(match and (then is None or then.search(text, match.end())))
