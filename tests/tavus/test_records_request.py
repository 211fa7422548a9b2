from tavusweb.tavus import VideoRequest


def test_plain_request_sends_only_what_it_needs():
    asked = VideoRequest(replica_id="r1", name="Launch · a1b2c3", script="Hello")

    assert asked.to_json() == {
        "replica_id": "r1",
        "video_name": "Launch · a1b2c3",
        "script": "Hello",
        "properties": {"start_with_wave": True},
    }


def test_audio_watermark_and_callback_are_sent_when_given():
    asked = VideoRequest(
        replica_id="r1",
        name="n",
        audio_url="https://media.example/a.mp3",
        callback_url="https://portal.example/c/secret",
        watermark_image_url="https://media.example/w.png",
        start_with_wave=False,
    )

    assert asked.to_json() == {
        "replica_id": "r1",
        "video_name": "n",
        "audio_url": "https://media.example/a.mp3",
        "callback_url": "https://portal.example/c/secret",
        "watermark_image_url": "https://media.example/w.png",
        "properties": {"start_with_wave": False},
    }
    assert "secret" not in repr(asked)


def test_scroll_options_are_sent_only_with_a_website_background():
    page = VideoRequest("r1", "n", "Hi", background_url="https://site.example", background_scroll_type="smooth")
    still = VideoRequest("r1", "n", "Hi", background_url="https://site.example", background_scroll=False)
    film = VideoRequest("r1", "n", "Hi", background_source_url="https://site.example/film.mp4")

    assert page.to_json()["properties"] == {
        "start_with_wave": True,
        "background_scroll": True,
        "background_scroll_type": "smooth",
        "background_scroll_depth": "middle",
        "background_scroll_return": "return",
    }
    assert still.to_json()["properties"] == {"start_with_wave": True, "background_scroll": False}
    assert film.to_json()["properties"] == {"start_with_wave": True}
    assert film.to_json()["background_source_url"] == "https://site.example/film.mp4"


def test_fast_drops_backgrounds_and_transparent_requires_fast():
    fast = VideoRequest("r1", "n", "Hi", background_url="https://site.example", fast=True, transparent_background=True)
    slow = VideoRequest("r1", "n", "Hi", transparent_background=True)

    assert fast.to_json() == {
        "replica_id": "r1",
        "video_name": "n",
        "script": "Hi",
        "fast": True,
        "transparent_background": True,
        "properties": {"start_with_wave": True},
    }
    assert "transparent_background" not in slow.to_json()
    assert "fast" not in slow.to_json()
