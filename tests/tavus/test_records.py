from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavusweb.tavus import Page, RemoteReplica, RemoteVideo
from tavusweb.tavus.parsing import percent, web_address
from tavusweb.tavus.text import UNPRINTABLE

GENERATING = {
    "video_id": "1e30440cf9",
    "video_name": "replica_id: r90bbd427f71 - June 24, 2025 - video: 1e30440cf9",
    "status": "generating",
    "data": {"script": "Hello\nthere", "start_with_wave": True},
    "replica_id": "r90bbd427f71",
    "download_url": None,
    "hosted_url": "https://tavus.video/1e30440cf9",
    "stream_url": None,
    "status_details": "",
    "created_at": "Tue, 24 Jun 2025 07:01:57 GMT",
    "updated_at": "Tue, 24 Jun 2025 07:02:25 GMT",
    "generation_progress": "37/100",
}


def test_documented_video_is_read():
    video = RemoteVideo.from_json(GENERATING)

    assert video == RemoteVideo(
        video_id="1e30440cf9",
        name="replica_id: r90bbd427f71 - June 24, 2025 - video: 1e30440cf9",
        status="generating",
        progress=37,
        hosted_url="https://tavus.video/1e30440cf9",
        replica_id="r90bbd427f71",
        script="Hello\nthere",
        created_at=datetime(2025, 6, 24, 7, 1, 57, tzinfo=UTC),
        updated_at=datetime(2025, 6, 24, 7, 2, 25, tzinfo=UTC),
    )
    assert not video.is_final


def test_ready_video_has_its_files_and_thumbnails():
    video = RemoteVideo.from_json(
        GENERATING
        | {
            "status": " Ready ",
            "download_url": "https://stream.example/v.mp4?token=a",
            "stream_url": "https://stream.example/v.m3u8",
            "still_image_thumbnail_url": "https://cdn.example/still.jpg",
            "gif_thumbnail_url": "https://cdn.example/moving.gif",
            "generation_progress": "100/100",
            "status_details": "Your request has processed successfully!",
            "data": {"audio_url": "https://media.example/a.mp3"},
            "a_field_of_next_year": {"nested": [1, 2]},
        }
    )

    assert video.is_ready
    assert video.is_final
    assert not video.is_failed
    assert video.download_url == "https://stream.example/v.mp4?token=a"
    assert video.stream_url == "https://stream.example/v.m3u8"
    assert video.thumbnail_url == "https://cdn.example/still.jpg"
    assert video.gif_url == "https://cdn.example/moving.gif"
    assert (video.progress, video.audio_url, video.script) == (100, "https://media.example/a.mp3", "")


@pytest.mark.parametrize(
    ("status", "is_ready", "is_failed", "is_deleted"),
    [
        ("queued", False, False, False),
        ("generating", False, False, False),
        ("ready", True, False, False),
        ("error", False, True, False),
        ("deleted", False, False, True),
        ("reticulating", False, False, False),
        ("", False, False, False),
        (None, False, False, False),
        (7, False, False, False),
    ],
)
def test_only_documented_final_statuses_are_final(status, is_ready, is_failed, is_deleted):
    video = RemoteVideo.from_json({"video_id": "v1", "status": status})

    assert (video.is_ready, video.is_failed, video.is_deleted) == (is_ready, is_failed, is_deleted)
    assert video.is_final is (is_ready or is_failed or is_deleted)


def test_name_is_kept_exactly_so_a_submission_can_be_found_by_it():
    name = "<b>Launch</b>  of   Ünit · a1b2c3"

    assert RemoteVideo.from_json({"video_id": "v1", "video_name": name}).name == name


def test_end_of_a_long_name_is_kept():
    name = RemoteVideo.from_json({"video_id": "v1", "video_name": "x" * 1_000_000 + " · tw-abcdefghijkl-1"}).name

    assert len(name) == 100_000
    assert name.endswith(" · tw-abcdefghijkl-1")


def test_overlong_id_is_refused_because_its_start_is_another_id():
    with pytest.raises(ValueError, match="no id"):
        RemoteVideo.from_json({"video_id": "v1" + " " * 10_000 + "v2"})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("37/100", 37),
        ("37" + " " * 100, None),
        (" 5 / 10 ", 50),
        ("37%", 37),
        ("37", 37),
        (37, 37),
        (37.9, 37),
        ("99.9/100", 99),
        ("140/100", 100),
        (-3, 0),
        ("-3/100", 0),
        (10**400, 100),
        ("3/0", None),
        ("0/0", None),
        ("almost", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), 0),
        (float("inf"), 100),
        ([], None),
        ("٣٧/100", None),
    ],
)
def test_progress_is_read_in_every_format_and_stays_in_range(written, read):
    assert percent(written) == read


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,hello",
        "//tavus.video/v",
        "/v",
        "tavus.video/v",
        "ftp://tavus.video/v",
        "https://",
        "https:///v",
        "https://tavus.video@evil.example/v",
        "https://tavus.video\\@evil.example/v",
        "https://tavus.video/\nv",
        'https://tavus.video/"onload="x',
        "https://[broken",
        "https://tavus.video/" + "v" * 5000,
        None,
        7,
        ["https://tavus.video/v"],
    ],
)
def test_anything_but_a_plain_web_address_is_dropped(url):
    video = RemoteVideo.from_json(
        {"video_id": "v1", "hosted_url": url, "download_url": url, "data": {"audio_url": url}}
    )

    assert (video.hosted_url, video.download_url, video.audio_url) == ("", "", "")


def test_web_addresses_are_kept_unchanged():
    for url in ("https://tavus.video/v1", "HTTP://127.0.0.1:8000/v?a=b&c=%20#t", "https://exämple.example/ü"):
        assert web_address(f" {url} ") == url


@pytest.mark.parametrize("value", [None, [], "v1", 7, {}, {"video_id": None}, {"video_id": ""}, {"video_id": " \x00"}])
def test_video_without_an_id_is_a_value_error(value):
    with pytest.raises(ValueError, match="no id"):
        RemoteVideo.from_json(value)


def test_replica_and_face_spellings_give_the_same_record():
    common = {
        "thumbnail_video_url": "https://cdn.example/anna.mp4",
        "thumbnail_image_url": "https://cdn.example/anna.jpg",
        "training_progress": "100/100",
        "status": "completed",
        "created_at": "2024-01-24T07:14:03.327Z",
        "model_name": "phoenix-3",
    }

    older = RemoteReplica.from_json(common | {"replica_id": "r1", "replica_name": "Anna", "replica_type": "user"})
    newer = RemoteReplica.from_json(common | {"face_id": "r1", "face_name": "Anna", "face_type": "USER"})

    assert older == newer
    assert older.is_usable
    assert (older.kind, older.training_progress, older.name) == ("user", 100, "Anna")
    assert older.thumbnail_url == "https://cdn.example/anna.mp4"


@pytest.mark.parametrize(
    ("status", "is_usable"), [("completed", True), ("ready", True), ("started", False), ("error", False), (None, False)]
)
def test_replica_is_usable_once_trained(status, is_usable):
    assert RemoteReplica.from_json({"replica_id": "r1", "status": status}).is_usable is is_usable


def test_unknown_replica_kind_is_empty():
    assert RemoteReplica.from_json({"replica_id": "r1", "replica_type": "alien"}).kind == ""


def test_records_are_frozen():
    with pytest.raises(FrozenInstanceError):
        RemoteVideo("v1").status = "ready"
    with pytest.raises(FrozenInstanceError):
        Page((), None, 1).total = 3


# --- Arbitrary JSON -------------------------------------------------------------------------------

NAMES = [
    "video_id",
    "video_name",
    "status",
    "data",
    "generation_progress",
    "hosted_url",
    "download_url",
    "stream_url",
    "status_details",
    "error_details",
    "still_image_thumbnail_url",
    "gif_thumbnail_url",
    "replica_id",
    "face_id",
    "created_at",
    "updated_at",
    "script",
    "audio_url",
    "replica_name",
    "face_type",
    "replica_type",
    "thumbnail_video_url",
    "training_progress",
    "error_message",
    "model_name",
]
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=())) | st.sampled_from(
    ["37/100", "ready", "<b>x", "https://tavus.video/v", "javascript:x", "2024-01-24T07:14:03.327Z", "v1"]
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT | st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=12,
)


@pytest.mark.thorough
@pytest.mark.parametrize("record", [RemoteVideo, RemoteReplica])
@given(value=ANY_JSON | st.dictionaries(st.sampled_from(NAMES), ANY_JSON))
def test_any_json_becomes_a_record_or_a_value_error(record, value):
    try:
        read = record.from_json(value)
    except ValueError:
        return

    for name in (field.name for field in fields(read)):
        held = getattr(read, name)
        if isinstance(held, str):
            assert not UNPRINTABLE.search(held)
        if name.endswith("_url") and held:
            assert held.lower().startswith(("http://", "https://"))
        if name.endswith("progress"):
            assert held is None or 0 <= held <= 100
