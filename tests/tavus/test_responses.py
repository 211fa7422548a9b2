"""What every other answer means: the documented ones and the odd ones."""

from datetime import UTC, datetime

import pytest
import time_machine

from tavusweb.tavus import (
    InvalidRequest,
    NotAllowed,
    NotFound,
    NotRecognised,
    OutOfCredits,
    RateLimited,
    Refused,
    SlotsFull,
    Unclear,
    Unreachable,
)

# --- Refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status_code", "kind"),
    [
        (400, InvalidRequest),
        (401, NotRecognised),
        (402, OutOfCredits),
        (403, NotAllowed),
        (404, InvalidRequest),
        (405, InvalidRequest),
        (407, Unreachable),
        (408, Unclear),
        (409, InvalidRequest),
        (413, InvalidRequest),
        (415, InvalidRequest),
        (418, InvalidRequest),
        (421, Unreachable),
        (422, InvalidRequest),
        (429, RateLimited),
        (499, Unclear),
        (500, Unclear),
        (502, Unclear),
        (503, Unclear),
        (504, Unclear),
        (599, Unclear),
        (301, Unclear),
        (302, Unclear),
        (304, Unclear),
    ],
)
def test_each_status_maps_to_one_error(answering, every_call, status_code, kind):
    server = answering(status_code, json={"message": "So it is"}, headers={"location": "https://elsewhere.example/"})

    with pytest.raises(kind) as caught:
        server.run(every_call)

    assert (caught.value.status_code, caught.value.message) == (status_code, "So it is")
    assert str(caught.value) == f"{status_code}: So it is"
    assert len(server.asked) == 1


@pytest.mark.parametrize("call", ["get_video", "delete_video", "rename_video"])
def test_id_that_the_account_does_not_own_is_not_found(answering, call):
    with pytest.raises(NotFound) as caught:
        answering(400, json={"error": "Invalid video_id"}).run(call)

    assert caught.value.message == "Invalid video_id"
    assert isinstance(caught.value, InvalidRequest)


@pytest.mark.parametrize("call", ["get_video", "delete_video", "rename_video"])
def test_404_is_not_found_when_an_id_was_requested(answering, call):
    with pytest.raises(NotFound):
        answering(404).run(call)


@pytest.mark.parametrize("call", ["create_video", "list_videos", "list_replicas"])
def test_404_without_an_id_is_an_invalid_request(answering, call):
    with pytest.raises(InvalidRequest) as caught:
        answering(404).run(call)

    assert not isinstance(caught.value, NotFound)


def test_invalid_replica_in_a_new_video_is_an_invalid_request(answering):
    with pytest.raises(InvalidRequest, match="Invalid replica_id") as caught:
        answering(400, json={"error": "Invalid replica_id"}).run("create_video")

    assert not isinstance(caught.value, NotFound)


@pytest.mark.parametrize(
    "message",
    [
        {"message": "User has reached maximum concurrent video generations"},
        {"error": "Concurrency limit reached"},
        {"error": "Bad Request", "message": "Too many videos are rendered CONCURRENTLY"},
    ],
)
def test_400_about_concurrency_means_slots_are_full(answering, message):
    with pytest.raises(SlotsFull) as caught:
        answering(400, json=message).run("create_video")

    assert isinstance(caught.value, Refused)
    assert not isinstance(caught.value, InvalidRequest)


# --- What the provider said -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"json": {"error": "Out"}}, "Out"),
        ({"json": {"message": "Out"}}, "Out"),
        ({"json": {"detail": "Out"}}, "Out"),
        ({"json": {"detail": [{"loc": ["x"], "msg": "Out"}]}}, "Out"),
        ({"json": "Out"}, "Out"),
        ({"json": {}}, ""),
        ({"json": [1, 2]}, ""),
        ({"text": "Out\n of\x00 credits"}, "Out of credits"),
        ({"text": ""}, ""),
        ({"text": '{"error": "cut of'}, '{"error": "cut of'),
        ({"content": b"\xff\xfe\xfa"}, "\ufffd\ufffd\ufffd"),
        ({"html": "<html><head><title>402 Payment</title></head><body>No</body></html>"}, "402 Payment"),
        ({"content": b"[" * 100_000}, "[" * 500),
    ],
)
def test_message_is_plain_text_whatever_the_body(answering, answer, message):
    with pytest.raises(OutOfCredits) as caught:
        answering(402, **answer).run("create_video")

    assert caught.value.message == message


def test_html_502_is_unclear_with_its_title_as_message(answering):
    page = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title><style>b{}</style></head><body>nginx</body></html>"

    with pytest.raises(Unclear) as caught:
        answering(502, html=page).run("create_video")

    assert (caught.value.message, caught.value.status_code) == ("502 Bad Gateway", 502)


def test_long_message_is_cut(answering):
    with pytest.raises(InvalidRequest) as caught:
        answering(400, json={"error": "x" * 750}).run("create_video")

    assert caught.value.message == "x" * 500
    assert len(str(caught.value.args)) < 520


def test_error_without_a_message_is_still_described(answering):
    with pytest.raises(Unclear) as caught:
        answering(500).run("create_video")

    assert caught.value.message == ""
    assert str(caught.value) == "500: Unclear"


# --- When to come back ----------------------------------------------------------------------------

NOW = datetime(2025, 6, 24, 7, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 2.5 "}, 2.5),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "86400"}, 3600),
        ({"retry-after": "inf"}, 3600),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "later"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Tue, 24 Jun 2025 07:00:30 GMT"}, 30),
        ({"retry-after": "Tue, 24 Jun 2025 06:00:00 GMT"}, 0),
        ({"retry-after": "Wed, 25 Jun 2025 07:00:00 GMT"}, 3600),
        ({"retry-after": "Tue, 24 Jun 2025 09:00:30 GMT", "date": "Tue, 24 Jun 2025 09:00:10 GMT"}, 20),
        ({"retry-after": "Tue, 24 Jun 2025 07:00:30 GMT", "date": "no date"}, 30),
    ],
)
@pytest.mark.parametrize(("status_code", "kind"), [(429, RateLimited), (503, Unclear)])
def test_retry_after_is_read_in_both_formats(answering, status_code, kind, headers, seconds):
    with time_machine.travel(NOW, tick=False), pytest.raises(kind) as caught:
        answering(status_code, headers=headers).run("create_video")

    assert caught.value.retry_after == seconds
