"""Trouble on demand: what a key or a script can ask the sandbox for.

The tables are both the behaviour and what the sandbox's page shows, so the two cannot disagree.
"""

import re
from dataclasses import dataclass

from tavusweb.sandbox import cast, undocumented
from tavusweb.sandbox.answers import Answer

# What Tavus says, in substance, in the `status_details` of a failed video, by our own codes.
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


@dataclass(frozen=True, kw_only=True)
class ScriptWord:
    """A word in double brackets and what it does to the video that is asked for."""

    word: str
    does: str
    failure: str = ""  # a code of FAILURES
    slower: int = 1
    longer_queue: int = 0  # seconds
    status: str = "generating"  # the word said while rendering
    refused: Answer | None = None  # instead of making a video
    one_at_a_time: bool = False
    lost: Answer | None = None  # although the video is made

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
    ScriptWord(word="lost", lost=undocumented.BAD_GATEWAY, does="Is accepted, but the answer is a 502: was it made?"),
    *(
        ScriptWord(word=f"fail:{code}", failure=code, does=f"Fails, saying: “{text}”")
        for code, text in FAILURES.items()
    ),
)
_WORDS = {word.word: word for word in SCRIPT_WORDS}


def words_in(*texts: str) -> list[ScriptWord]:
    """The script words that these texts hold, in order; brackets around anything else are just text."""
    found = (match.lower() for text in texts for match in re.findall(r"\[\[([A-Za-z_:]+)\]\]", text))
    return [_WORDS[word] for word in found if word in _WORDS]


@dataclass(frozen=True, kw_only=True)
class KeyPrefix:
    """How an API key begins, and what that does to every request made with it."""

    prefix: str
    does: str
    refused: Answer | None = None
    refused_video: Answer | None = None  # only when a video is asked for
    seconds_between: int = 0
    one_at_a_time: bool = False
    replicas: int = len(cast.USUAL)


KEY_PREFIXES = (
    KeyPrefix(prefix="bad-", refused=Answer(401, {"message": "Invalid access token"}), does="Is not recognised: 401."),
    KeyPrefix(prefix="blocked-", refused=undocumented.NOT_ALLOWED, does="Is not allowed from this address: 403."),
    KeyPrefix(prefix="nocredits-", refused_video=undocumented.OUT_OF_CREDITS, does="Lists, but makes nothing: 402."),
    KeyPrefix(prefix="limited-", seconds_between=10, does="Makes one video in ten seconds; else 429 with Retry-After."),
    KeyPrefix(prefix="busy-", one_at_a_time=True, does="Has one unfinished video at most; else the 400 of Tavus."),
    KeyPrefix(prefix="down-", refused=undocumented.DOWN, does="Finds the provider down: 503 and a page of HTML."),
    KeyPrefix(prefix="many-", replicas=cast.MOST, does=f"Has {cast.MOST} replicas to page through."),
)
ORDINARY = KeyPrefix(prefix="", does="Works.")
# What a request without a key gets.
NO_KEY = KEY_PREFIXES[0].refused


def prefix_of(key: str) -> KeyPrefix:
    return next((known for known in KEY_PREFIXES if key.startswith(known.prefix)), ORDINARY)
