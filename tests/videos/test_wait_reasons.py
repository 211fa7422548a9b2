"""Why a video waits, and until when: as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from tavusweb.keys.health_states import Health
from tavusweb.videos.wait_reasons import Decision, KeyState, VideoState, Wait, decide

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)

CASES = [
    ("nothing holds it back", KeyState(), VideoState("", NOW), Decision(Wait.TURN, NOW)),
    ("a limited key has no slot", KeyState(has_slot_limit=True), VideoState("turn", NOW), Decision(Wait.SLOTS, NOW)),
    ("its own last refusal", KeyState(), VideoState("rate_limited", NOW), Decision(Wait.RATE_LIMITED, NOW)),
    ("a resting key delays it", KeyState(waits_until=LATER), VideoState("turn", NOW), Decision(Wait.TURN, LATER)),
    ("its own time may be later", KeyState(waits_until=NOW), VideoState("turn", LATER), Decision(Wait.TURN, LATER)),
    (
        "trouble of the key comes before its own refusal",
        KeyState(trouble=Health.OUT_OF_CREDITS, waits_until=LATER),
        VideoState("slots", NOW),
        Decision(Wait.OUT_OF_CREDITS, LATER),
    ),
    (
        "a frozen key comes before its trouble",
        KeyState(is_usable=False, trouble=Health.NOT_RECOGNISED),
        VideoState("turn", NOW),
        Decision(Wait.KEY_FROZEN, None),
    ),
    ("without a key nothing is sent", None, VideoState("turn", NOW), Decision(Wait.TURN, None)),
    ("without a time nothing is promised", KeyState(), VideoState("turn", None), Decision(Wait.TURN, None)),
]


@pytest.mark.parametrize(("key", "video", "decision"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_wait_reason(key: KeyState | None, video: VideoState, decision: Decision) -> None:
    assert decide(key, video) == decision
