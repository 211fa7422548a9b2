import pytest

from tavusweb.tavus import FailureCode, RemoteVideo


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (
            "An error occurred while generating this request. Please check your inputs or try your request again.",
            FailureCode.GENERATION_FAILED,
        ),
        ("Video generation failed", FailureCode.GENERATION_FAILED),
        (
            "This replica is currently in an error state and cannot process requests. For details, review the replica.",
            FailureCode.REPLICA_IN_ERROR,
        ),
        ("The Face is in an error state.", FailureCode.REPLICA_IN_ERROR),
        ("The audio file is too large. Maximum size is 750 MB.", FailureCode.AUDIO_TOO_LARGE),
        ("Audio exceeds the maximum file size of 750MB", FailureCode.AUDIO_TOO_LARGE),
        ("The audio is above 750 megabytes", FailureCode.AUDIO_TOO_LARGE),
        ("The audio file is not an accepted type. Please use .mp3 or .wav", FailureCode.AUDIO_WRONG_TYPE),
        ("Unsupported audio format. Use MP3 or WAV up to 750 MB.", FailureCode.AUDIO_WRONG_TYPE),
        ("Audio must be an mp3 or a wav", FailureCode.AUDIO_WRONG_TYPE),
        ("Wrong audio file type", FailureCode.AUDIO_WRONG_TYPE),
        ("Audio is too short: it must be at least 3 seconds", FailureCode.AUDIO_TOO_SHORT),
        ("The audio file is under 3 seconds.", FailureCode.AUDIO_TOO_SHORT),
        ("The audio does not reach the minimum duration of 3 seconds", FailureCode.AUDIO_TOO_SHORT),
        ("Audio is too long", FailureCode.AUDIO_TOO_LONG),
        ("The audio file is over 10 minutes", FailureCode.AUDIO_TOO_LONG),
        ("Audio exceeds the maximum duration of ten minutes", FailureCode.AUDIO_TOO_LONG),
        (
            "There was an issue downloading your audio file. Check that the link is correct.",
            FailureCode.AUDIO_UNREACHABLE,
        ),
        ("We could not download the audio: the .mp3 or .wav must be public", FailureCode.AUDIO_UNREACHABLE),
        ("The audio_url is not publicly accessible", FailureCode.AUDIO_UNREACHABLE),
        ("THE SCRIPT VIOLATES OUR COMMUNITY GUIDELINES", FailureCode.SCRIPT_REJECTED),
        ("This request was rejected by content moderation", FailureCode.SCRIPT_REJECTED),
        ("The moon was in the wrong phase", FailureCode.UNKNOWN),
        ("", FailureCode.UNKNOWN),
    ],
)
def test_failure_code_follows_the_substance_of_the_message(message, code):
    by_status = RemoteVideo.from_json({"video_id": "v1", "status": "error", "status_details": message})
    by_error = RemoteVideo.from_json(
        {"video_id": "v1", "status": "error", "error_details": {"message": message.upper()}}
    )

    assert by_status.failure_code is code
    assert by_error.failure_code is code


def test_there_are_nine_failure_codes():
    assert {str(code) for code in FailureCode} == {
        "generation_failed",
        "replica_in_error",
        "audio_too_large",
        "audio_wrong_type",
        "audio_too_short",
        "audio_too_long",
        "audio_unreachable",
        "script_rejected",
        "unknown",
    }
