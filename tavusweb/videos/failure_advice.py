"""What a person can do about a video that failed."""


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
