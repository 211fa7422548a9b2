"""What an embedded player may do."""

from typing import Any

from tavusweb.videos.media_urls import frame_sandbox


def test_provider_player_may_do_all_but_lead_the_page_elsewhere(settings: Any) -> None:
    may = frame_sandbox("https://tavus.video/v1").split()

    assert "allow-scripts" in may
    assert not [each for each in may if "top-navigation" in each]
    settings.FRAME_SANDBOX = False
    assert frame_sandbox("https://tavus.video/v1") == ""


def test_page_of_our_own_origin_gets_no_sandbox_that_it_could_lift() -> None:
    assert frame_sandbox("/sandbox/watch/s1") == ""
