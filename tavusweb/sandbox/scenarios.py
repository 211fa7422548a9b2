"""Simulated errors, requested by a key, a script or a training request.

The tables define both the behaviour and the sandbox's page, so the two cannot disagree.
"""

import re
from dataclasses import dataclass

from tavusweb.sandbox import replicas as cast
from tavusweb.sandbox import responses
from tavusweb.sandbox.responses import Answer

# The substance of Tavus's `status_details` for a failed video, by our own codes.
FAILURES = {
    "generation_failed": "An error occurred while generating this video. Please check your inputs or try your "
    "request again.",
    "replica_in_error": "The replica used for this request is in an error state and cannot process requests.",
    "audio_too_large": "The audio file provided is too large. The maximum file size is 750MB.",
    "audio_wrong_type": "The audio file provided is not an accepted type. Please provide a .wav or .mp3 file.",
    "audio_too_short": "The audio file provided is too short. The minimum duration is 3 seconds.",
    "audio_too_long": "The audio file provided is too long. The maximum duration is 10 minutes.",
    "audio_unreachable": "The audio file provided could not be downloaded. Please make sure the URL is public.",
    "script_rejected": "The script provided violates our community guidelines.",
    "unknown": "Something the sandbox made up: a reason that is in no table.",
}
# The substance of `status_details` before the end.
SUCCESS = "Your request has processed successfully!"
IN_QUEUE = "This request is in the queue. Processing begins in a few minutes."
STILL_TRAINING = "This request is in the queue: the replica is still in training. It is processed once training ends."

# The substance of Tavus's `error_message` for a replica whose training failed.
TRAINING_FAILURES = {
    "consent_missing": "The training video does not begin with the consent statement.",
    "consent_mismatch": "The consent statement does not match the required text or the person in the training video.",
    "too_large": "The training file is too large. The maximum file size is 750MB.",
    "wrong_type": "The training file is not an accepted type.",
    "too_short": "The training video is too short. Please record at least one minute.",
    "several_people": "More than one person was found. Please make sure that exactly one person is visible.",
    "no_person": "No person was found. Please make sure that exactly one person is visible.",
    "head_not_in_frame": "The head is not fully in the frame. Please move back from the camera.",
    "poor_light": "The face is too dark or unevenly lit. Please use better lighting.",
    "poor_sound": "The voice is not clear enough. Please record without background noise.",
    "unreachable": "The training file could not be downloaded. Please make sure the URL is public.",
}


@dataclass(frozen=True, kw_only=True)
class ScriptWord:
    """A word in double square brackets and its effect on the requested video or replica."""

    word: str
    does: str
    failure: str = ""  # a code of FAILURES, or of TRAINING_FAILURES
    slower: int = 1
    longer_queue: int = 0  # seconds
    status: str = "generating"  # while rendering
    refused: Answer | None = None  # instead of creating a video
    one_at_a_time: bool = False
    lost: Answer | None = None  # although the video is created

    @property
    def typed(self) -> str:
        return f"[[{self.word}]]"


SCRIPT_WORDS = (
    ScriptWord(word="fail", failure="generation_failed", does="Fails more than halfway through rendering."),
    ScriptWord(word="reject", failure="script_rejected", does="Fails after the queue: against the guidelines."),
    ScriptWord(word="slow", slower=10, does="Takes ten times as long."),
    ScriptWord(word="queue", longer_queue=60, does="Stays in the queue for a minute longer."),
    ScriptWord(word="odd", status="transcoding", does="Renders under a status that Tavus never documented."),
    ScriptWord(
        word="invalid", refused=Answer(400, {"error": "Invalid script"}), does="Is refused at once, with a 400."
    ),
    ScriptWord(word="busy", one_at_a_time=True, does="Is refused, with a 400, while the key has an unfinished video."),
    ScriptWord(word="lost", lost=responses.BAD_GATEWAY, does="Is accepted, but the answer is a 502: was it made?"),
    *(
        ScriptWord(word=f"fail:{code}", failure=code, does=f"Fails, saying: “{text}”")
        for code, text in FAILURES.items()
    ),
)
TRAINING_WORDS = (
    ScriptWord(word="fail", failure="consent_missing", does="Fails in training: the consent statement is missing."),
    ScriptWord(word="slow", slower=10, does="Trains ten times as long."),
    ScriptWord(word="lost", lost=responses.BAD_GATEWAY, does="Is accepted, but the answer is a 502: was it made?"),
    *(
        ScriptWord(word=f"fail:{code}", failure=code, does=f"Fails in training, saying: “{text}”")
        for code, text in TRAINING_FAILURES.items()
    ),
)
_SCRIPT_WORDS = {word.word: word for word in SCRIPT_WORDS}
_TRAINING_WORDS = {word.word: word for word in TRAINING_WORDS}


def words_in(*texts: str) -> list[ScriptWord]:
    """Return the script words in these texts, in table order. Brackets around anything else are plain text."""
    return _found(_SCRIPT_WORDS, texts)


def training_words_in(*texts: str) -> list[ScriptWord]:
    return _found(_TRAINING_WORDS, texts)


def _found(known: dict[str, ScriptWord], texts: tuple[str, ...]) -> list[ScriptWord]:
    """Find each word once: the delays of a thousand repeats would overflow a date."""
    names = (match.lower() for text in texts for match in re.findall(r"\[\[([A-Za-z_:]+)\]\]", text))
    return [known[word] for word in dict.fromkeys(names) if word in known]


@dataclass(frozen=True, kw_only=True)
class KeyPrefix:
    """A prefix of an API key and its effect on every request made with the key."""

    prefix: str
    does: str
    refused: Answer | None = None
    refused_video: Answer | None = None  # only for POST /v2/videos
    seconds_between: int = 0
    one_at_a_time: bool = False
    replicas: int = len(cast.USUAL)


# The response to a missing key, or to one that this instance did not issue.
UNKNOWN_KEY = Answer(401, {"message": "Invalid access token"})

KEY_PREFIXES = (
    KeyPrefix(prefix="bad-", refused=UNKNOWN_KEY, does="Is not recognised: 401."),
    KeyPrefix(prefix="blocked-", refused=responses.NOT_ALLOWED, does="Is not allowed from this address: 403."),
    KeyPrefix(prefix="nocredits-", refused_video=responses.OUT_OF_CREDITS, does="Lists, but makes nothing: 402."),
    KeyPrefix(prefix="limited-", seconds_between=10, does="Makes one video in ten seconds; else 429 with Retry-After."),
    KeyPrefix(prefix="busy-", one_at_a_time=True, does="Has one unfinished video at most; else the 400 of Tavus."),
    KeyPrefix(prefix="down-", refused=responses.DOWN, does="Finds the provider down: 503 and a page of HTML."),
    KeyPrefix(prefix="many-", replicas=cast.LARGEST, does=f"Has {cast.LARGEST} replicas to page through."),
)
ORDINARY = KeyPrefix(prefix="", does="Works.")
PAGES_FROM_1 = "[[pages-from-1]]"
KEY_WORDS = {PAGES_FROM_1: "Numbers the pages of videos from 1, and refuses page 0 with a 400."}


def prefix_of(key: str) -> KeyPrefix:
    return next((known for known in KEY_PREFIXES if key.startswith(known.prefix)), ORDINARY)
