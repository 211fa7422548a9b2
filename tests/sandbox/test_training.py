"""The contract of training a replica: immediate refusals, later failures, and the effect on its videos."""

from collections.abc import Callable
from typing import Any

import pytest

from tavusweb.sandbox import replicas
from tavusweb.sandbox.models import SandboxReplica
from tavusweb.sandbox.scenarios import TRAINING_FAILURES

pytestmark = pytest.mark.django_db

FILM = {"replica_name": "Maria", "train_video_url": "https://files.example/maria.mp4"}
PHOTO = {"replica_name": "Maria", "train_image_url": "https://files.example/maria.jpg", "voice_name": "Ada-Office"}
STOCK = replicas.STOCK[0].replica_id


@pytest.fixture
def train(ask: Any) -> Callable[..., str]:
    """Start a training and return the replica's id: `train(key="bob", replica_name="[[slow]]")`."""

    def replica(key: str = "alice", **fields: Any) -> str:
        answer = ask("POST", "replicas", FILM | fields, key=key)
        assert answer.status_code == 200, answer.json()
        return str(answer.json()["replica_id"])

    return replica


def test_training_starts(ask: Any, clock: Any) -> None:
    answer = ask("POST", "replicas", FILM)

    replica_id = answer.json()["replica_id"]
    assert answer.json() == {"replica_id": replica_id, "status": "started"}
    assert ask("GET", f"replicas/{replica_id}?verbose=true").json() == {
        "replica_id": replica_id,
        "replica_name": "Maria",
        "thumbnail_video_url": None,
        "training_progress": "0/100",
        "status": "started",
        "created_at": "2026-06-01T09:00:00.000Z",
        "updated_at": "2026-06-01T09:00:00.000Z",
        "error_message": None,
        "model_name": "phoenix-4",
        "replica_type": "user",
    }


def test_training_progresses_and_ends(ask: Any, train: Callable[..., str], clock: Any) -> None:
    replica_id = train(model_name="phoenix-3")
    clock.shift(30)
    halfway = ask("GET", f"replicas/{replica_id}").json()
    clock.shift(31)

    trained = ask("GET", f"replicas/{replica_id}").json()

    assert (halfway["status"], halfway["training_progress"]) == ("started", "50/100")
    assert (trained["status"], trained["training_progress"], trained["model_name"]) == (
        "completed",
        "100/100",
        "phoenix-3",
    )
    assert trained["thumbnail_video_url"].startswith("https://portal.example/sandbox/portraits/")
    assert (trained["updated_at"], trained["error_message"]) == ("2026-06-01T09:01:00.000Z", None)


@pytest.mark.parametrize(
    "body",
    [
        FILM,
        FILM | {"consent_video_url": "https://files.example/consent.mov"},
        FILM | {"model_name": "phoenix-3", "callback_url": "", "properties": {"background_green_screen": True}},
        FILM | {"train_video_url": "https://files.example/signed?x=1", "novelty": 1, "train_image_url": None},
        PHOTO,
        PHOTO | {"auto_fix_training_image": True, "replica_name": None},
    ],
)
def test_every_documented_field_is_accepted(ask: Any, clock: Any, body: dict[str, Any]) -> None:
    replica_id = ask("POST", "replicas", body).json()["replica_id"]
    clock.shift(61)

    assert ask("GET", f"replicas/{replica_id}").json()["status"] == "completed"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"replica_name": "Maria"}, "Exactly one of train_video_url and train_image_url must be provided"),
        (FILM | PHOTO, "Exactly one of train_video_url and train_image_url must be provided"),
        (PHOTO | {"voice_name": ""}, "voice_name is required with train_image_url"),
        (PHOTO | {"voice_name": "nobody"}, "Invalid voice_name"),
        (PHOTO | {"auto_fix_training_image": "yes"}, "Invalid auto_fix_training_image"),
        (FILM | {"model_name": "phoenix-2"}, "Invalid model_name"),
        (FILM | {"train_video_url": 7}, "Invalid train_video_url"),
        (FILM | {"replica_name": ["Maria"]}, "Invalid replica_name"),
        (FILM | {"callback_url": 1}, "Invalid callback_url"),
        (FILM | {"properties": []}, "Invalid properties"),
        (FILM | {"properties": {"background_green_screen": 1}}, "Invalid background_green_screen"),
        ("{not json", "Invalid JSON"),
    ],
)
def test_invalid_training_is_refused_immediately(ask: Any, body: Any, error: str) -> None:
    answer = ask("POST", "replicas", body)

    assert (answer.status_code, answer.json()) == (400, {"error": error})
    assert not SandboxReplica.objects.exists()


@pytest.mark.parametrize("code", TRAINING_FAILURES)
def test_every_failure_in_the_table_can_be_requested(
    ask: Any, train: Callable[..., str], clock: Any, code: str
) -> None:
    replica_id = train(replica_name=f"Maria [[fail:{code}]]")
    clock.shift(17)
    before = ask("GET", f"replicas/{replica_id}").json()
    clock.shift(2)

    failed = ask("GET", f"replicas/{replica_id}").json()

    assert (before["status"], before["error_message"]) == ("started", None)
    assert (failed["status"], failed["training_progress"]) == ("error", "30/100")
    assert failed["error_message"] == TRAINING_FAILURES[code]
    assert failed["thumbnail_video_url"] is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"train_video_url": "https://nowhere.invalid/a.mp4"}, "unreachable"),
        ({"train_video_url": "ftp://files.example/a.mp4"}, "unreachable"),
        ({"train_video_url": "https://files.example/a.pdf"}, "wrong_type"),
        ({"consent_video_url": "https://files.example/a.mp3"}, "wrong_type"),
        ({"replica_name": "[[fail]]"}, "consent_missing"),
    ],
)
def test_faults_that_tavus_finds_late_are_found_late(
    ask: Any, train: Callable[..., str], clock: Any, fields: dict[str, str], code: str
) -> None:
    replica_id = train(**fields)
    clock.shift(60)

    assert ask("GET", f"replicas/{replica_id}").json()["error_message"] == TRAINING_FAILURES[code]


def test_slow_training_takes_ten_times_as_long_however_often_requested(
    ask: Any, train: Callable[..., str], clock: Any
) -> None:
    replica_id = train(replica_name="[[slow]]" * 1_000, callback_url="https://portal.example/c/")
    clock.shift(599)
    before = ask("GET", f"replicas/{replica_id}").json()["status"]
    clock.shift(2)

    assert (before, ask("GET", f"replicas/{replica_id}").json()["status"]) == ("started", "completed")


def test_lost_response_leaves_a_replica_behind(ask: Any) -> None:
    answer = ask("POST", "replicas", FILM | {"replica_name": "Maria [[lost]]"})

    assert answer.status_code == 502
    assert ask("GET", "replicas").json()["data"][0]["replica_name"] == "Maria [[lost]]"


def test_key_without_credits_cannot_train(ask: Any) -> None:
    assert ask("POST", "replicas", FILM, key="nocredits-alice").status_code == 402
    assert not SandboxReplica.objects.exists()


def test_trained_replica_belongs_to_its_key(ask: Any, train: Callable[..., str], clock: Any) -> None:
    replica_id = train(key="bob")
    clock.shift(61)

    assert ask("GET", "replicas", key="bob").json()["data"][0]["replica_id"] == replica_id
    assert ask("GET", "replicas", key="bob").json()["total_count"] == 12
    assert ask("GET", "replicas", key="alice").json()["total_count"] == 11
    video = {"replica_id": replica_id, "script": "Hello"}
    for answer in (
        ask("GET", f"replicas/{replica_id}"),
        ask("DELETE", f"replicas/{replica_id}"),
        ask("PATCH", f"replicas/{replica_id}/name", {"replica_name": "Mine"}),
        ask("POST", "videos", video),
    ):
        assert (answer.status_code, answer.json()) == (400, {"error": "Invalid replica_id"})
    assert ask("POST", "videos", video, key="bob").status_code == 200


def test_replicas_per_key_are_limited(
    ask: Any, train: Callable[..., str], monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    monkeypatch.setattr(SandboxReplica, "MAX_ROWS", 3)

    trained = [train() for _ in range(5)]

    assert [item["replica_id"] for item in ask("GET", "replicas?limit=3").json()["data"]] == trained[:1:-1]


# --- Videos whose replica is still training -------------------------------------------------------


def test_video_waits_for_the_training_then_renders(
    ask: Any, train: Callable[..., str], make: Callable[..., str], clock: Any
) -> None:
    video_id = make(replica_id=train())
    clock.shift(59)
    waiting = ask("GET", f"videos/{video_id}").json()
    clock.shift(22)

    ready = ask("GET", f"videos/{video_id}").json()

    assert (waiting["status"], waiting["download_url"]) == ("queued", None)
    assert "still in training" in waiting["status_details"]
    assert ready["status"] == "ready"


def test_video_fails_when_the_training_fails(
    ask: Any, train: Callable[..., str], make: Callable[..., str], clock: Any
) -> None:
    replica_id = train(replica_name="[[fail]]")
    early = make(replica_id=replica_id)
    clock.shift(30)
    late = make(replica_id=replica_id)
    clock.shift(5)

    for video_id in (early, late):
        video = ask("GET", f"videos/{video_id}").json()
        assert (video["status"], "error state" in video["status_details"]) == ("error", True)


def test_deleted_replica_fails_waiting_videos_and_accepts_no_more(
    ask: Any, train: Callable[..., str], make: Callable[..., str], clock: Any
) -> None:
    replica_id = train()
    waiting, other = make(replica_id=replica_id), make()
    clock.shift(10)

    assert ask("DELETE", f"replicas/{replica_id}").status_code == 200

    clock.shift(20)
    refused = ask("POST", "videos", {"replica_id": replica_id, "script": "Hello"})
    assert ask("GET", f"videos/{waiting}").json()["status"] == "error"
    assert ask("GET", f"videos/{other}").json()["status"] == "ready"
    assert (refused.status_code, refused.json()) == (400, {"error": "Invalid replica_id"})


@pytest.mark.parametrize("query", ["", "?hard=true"])
def test_videos_of_a_deleted_replica_stay(
    client: Any, ask: Any, train: Callable[..., str], make: Callable[..., str], clock: Any, query: str
) -> None:
    replica_id = train()
    clock.shift(61)
    video_id = make(replica_id=replica_id)
    clock.shift(21)

    ask("DELETE", f"replicas/{replica_id}{query}")

    assert ask("GET", f"videos/{video_id}").json()["status"] == "ready"
    assert client.get(f"/sandbox/watch/{video_id}").status_code == 200


# --- Rename and delete ---------------------------------------------------------------------------


@pytest.mark.parametrize("replica_id", ["trained", replicas.READY.replica_id, replicas.IN_ERROR.replica_id])
def test_custom_replica_is_renamed_only_for_its_key(ask: Any, train: Callable[..., str], replica_id: str) -> None:
    replica_id = train() if replica_id == "trained" else replica_id

    answer = ask("PATCH", f"replicas/{replica_id}/name", {"replica_name": "Marie"})

    listed = {each["replica_id"]: each["replica_name"] for each in ask("GET", "replicas?limit=100").json()["data"]}
    assert answer.status_code == 200
    assert answer.json()["replica_name"] == listed[replica_id] == "Marie"
    assert "Marie" not in str(ask("GET", "replicas?limit=100", key="bob").json())


@pytest.mark.parametrize("query", ["", "?hard=true"])
@pytest.mark.parametrize("replica_id", ["trained", replicas.READY.replica_id, replicas.IN_TRAINING.replica_id])
def test_custom_replica_is_deleted_only_for_its_key(
    ask: Any, train: Callable[..., str], replica_id: str, query: str
) -> None:
    replica_id = train() if replica_id == "trained" else replica_id
    before = ask("GET", "replicas", key="bob").json()

    answer = ask("DELETE", f"replicas/{replica_id}{query}")

    assert answer.status_code == 200
    assert ask("GET", f"replicas/{replica_id}").json() == {"error": "Invalid replica_id"}
    assert replica_id not in str(ask("GET", "replicas?limit=100").json())
    assert ask("PATCH", f"replicas/{replica_id}/name", {"replica_name": "Marie"}).status_code == 400
    assert ask("GET", "replicas", key="bob").json() == before


def test_permanent_deletion_erases_a_replica_and_its_footage(ask: Any, train: Callable[..., str]) -> None:
    replica_id = train()
    ask("DELETE", f"replicas/{replica_id}")
    assert "maria.mp4" in str(SandboxReplica.objects.values().get())

    assert ask("DELETE", f"replicas/{replica_id}?hard=true").status_code == 200

    assert "maria" not in str(SandboxReplica.objects.values().get()).lower()


def test_video_waiting_for_an_endless_training_fails_when_its_replica_is_deleted(
    ask: Any, make: Callable[..., str], clock: Any
) -> None:
    video_id = make(replica_id=replicas.IN_TRAINING.replica_id)

    ask("DELETE", f"replicas/{replicas.IN_TRAINING.replica_id}")

    clock.shift(10)
    assert ask("GET", f"videos/{video_id}").json()["status"] == "error"


@pytest.mark.parametrize(("method", "path"), [("DELETE", ""), ("PATCH", "/name")])
def test_stock_replica_cannot_be_renamed_or_deleted(ask: Any, method: str, path: str) -> None:
    for replica_id in (STOCK, "r00000000000"):
        answer = ask(method, f"replicas/{replica_id}{path}", {"replica_name": "Mine"})
        assert (answer.status_code, answer.json()) == (400, {"error": "Invalid replica_id"})
    assert not SandboxReplica.objects.exists()


@pytest.mark.parametrize("body", [{}, {"replica_name": " "}, {"replica_name": 5}])
def test_replica_needs_a_name(ask: Any, train: Callable[..., str], body: dict[str, Any]) -> None:
    answer = ask("PATCH", f"replicas/{train()}/name", body)

    assert (answer.status_code, answer.json()) == (400, {"error": "Invalid replica_name"})


def test_faces_endpoints_mirror_the_replicas_endpoints(ask: Any, clock: Any) -> None:
    answer = ask("POST", "faces", {"face_name": "Maria", "train_video_url": "https://files.example/a.mp4"})
    face_id = answer.json()["face_id"]
    clock.shift(61)

    shown = ask("GET", f"faces/{face_id}?verbose=true").json()
    renamed = ask("PATCH", f"faces/{face_id}/name", {"face_name": "Marie"}).json()
    deleted = ask("DELETE", f"faces/{face_id}?hard=true")

    assert answer.json() == {"face_id": face_id, "status": "started"}
    assert (shown["face_name"], shown["face_type"], shown["status"]) == ("Maria", "user", "completed")
    assert renamed["face_name"] == "Marie"
    assert deleted.status_code == 200
    assert ask("GET", f"faces/{face_id}").json() == {"error": "Invalid face_id"}


def test_list_is_filtered_by_model(ask: Any, train: Callable[..., str]) -> None:
    train(model_name="phoenix-3")

    listed = ask("GET", "replicas?model_name=phoenix-3&limit=100").json()

    assert {item["model_name"] for item in listed["data"]} == {"phoenix-3"}
    assert listed["total_count"] == 5


# --- Voices --------------------------------------------------------------------------------------


def test_every_stock_replica_has_a_voice(client: Any, ask: Any) -> None:
    listed = ask("GET", "voices").json()

    first = listed["data"][0]
    assert listed["total_count"] == 8
    assert first == {
        "voice_name": "ada-office",
        "replica_id": STOCK,
        "audio_url": "https://portal.example/sandbox/voices/ada.mp4",
        "tags": ["english", "warm"],
    }
    assert client.get("/sandbox/voices/ada.mp4")["Location"] == "/static/sandbox/presenters/ada.mp4"
    assert client.get("/sandbox/voices/nobody.mp4").status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("limit=2", ["ada-office", "ben-studio"]),
        ("limit=2&page=1", ["ada-office", "ben-studio"]),
        ("limit=2&page=4", ["grace-boutique", "hugo-library"]),
        ("limit=2&page=5", []),
        ("search=STUDIO", ["ben-studio"]),
        ("tag=Deep", ["dev-workshop", "hugo-library"]),
        ("sort=desc&limit=1", ["hugo-library"]),
    ],
)
def test_voices_can_be_searched_and_paged(ask: Any, query: str, names: list[str]) -> None:
    assert [voice["voice_name"] for voice in ask("GET", f"voices?{query}").json()["data"]] == names


@pytest.mark.parametrize("path", ["replicas", "faces", "voices"])
def test_replica_and_voice_pages_start_at_1_and_page_0_repeats_page_1(ask: Any, path: str) -> None:
    first, repeated, second = (ask("GET", f"{path}?limit=5&page={number}").json() for number in (1, 0, 2))

    assert first == repeated
    assert first["data"] != second["data"]
