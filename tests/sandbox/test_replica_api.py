from typing import Any

import pytest

from tavusweb.sandbox import replicas

pytestmark = pytest.mark.django_db

ADA = replicas.STOCK[0]


def test_every_key_has_stock_and_custom_replicas(ask: Any) -> None:
    listed = ask("GET", "replicas?limit=100&verbose=true").json()

    kinds = [item["replica_type"] for item in listed["data"]]
    assert listed["total_count"] == 11
    assert (kinds.count("system"), kinds.count("user")) == (8, 3)
    assert {item["status"] for item in listed["data"]} == {"completed", "started", "error"}


def test_replica_has_the_fields_that_tavus_returns(ask: Any) -> None:
    assert ask("GET", f"replicas/{ADA.replica_id}").json() == {
        "replica_id": ADA.replica_id,
        "replica_name": "Ada - Office",
        "thumbnail_video_url": "https://portal.example/sandbox/portraits/ada.mp4",
        "training_progress": "100/100",
        "status": "completed",
        "created_at": "2024-01-24T07:14:03.327Z",
        "updated_at": "2024-01-24T07:14:03.327Z",
        "error_message": None,
        "model_name": "phoenix-4",
    }


def test_face_is_the_same_replica_under_its_newer_name(ask: Any) -> None:
    face = ask("GET", f"faces/{ADA.replica_id}?verbose=true").json()

    assert (face["face_id"], face["face_name"], face["face_type"]) == (ADA.replica_id, "Ada - Office", "system")
    assert face["thumbnail_image_url"] == "https://portal.example/sandbox/portraits/ada.jpg"
    assert face["model_name"]
    assert not any(name.startswith("replica") for name in face)


def test_training_and_failed_replicas_are_listed(ask: Any) -> None:
    training = ask("GET", f"replicas/{replicas.IN_TRAINING.replica_id}").json()
    failed = ask("GET", f"replicas/{replicas.IN_ERROR.replica_id}").json()

    assert (training["status"], training["training_progress"]) == ("started", "62/100")
    assert training["thumbnail_video_url"] is None
    assert failed["status"] == "error"
    assert failed["error_message"]


@pytest.mark.parametrize(("path", "field"), [("replicas", "replica"), ("faces", "face")])
def test_list_is_filtered_by_type_and_ids(ask: Any, path: str, field: str) -> None:
    own = ask("GET", f"{path}?{field}_type=user").json()
    some = ask("GET", f"{path}?{field}_ids={ADA.replica_id},{replicas.READY.replica_id},r0").json()

    assert own["total_count"] == 3
    assert {item[f"{field}_id"] for item in some["data"]} == {ADA.replica_id, replicas.READY.replica_id}


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("replicas/r0", "Invalid replica_id"),
        ("faces/r0", "Invalid face_id"),
        ("replicas?replica_type=robot", "Invalid replica_type"),
        ("replicas?limit=0", "Invalid limit"),
    ],
)
def test_invalid_query_is_refused(ask: Any, path: str, error: str) -> None:
    answer = ask("GET", path)

    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_key_with_many_replicas_has_several_pages(ask: Any) -> None:
    pages = [ask("GET", f"replicas?limit=100&page={page}", key="many-alice").json() for page in (1, 2, 3, 4)]

    ids = [item["replica_id"] for page in pages for item in page["data"]]
    assert [len(page["data"]) for page in pages] == [100, 100, 50, 0]
    assert len(set(ids)) == pages[0]["total_count"] == 250


def test_replica_of_a_key_with_many_is_unknown_to_other_keys(ask: Any) -> None:
    body = {"replica_id": list(replicas.cast(replicas.LARGEST))[-1], "script": "Hello"}

    assert ask("POST", "videos", body, key="many-alice").status_code == 200
    assert ask("POST", "videos", body, key="alice").json() == {"error": "Invalid replica_id"}
