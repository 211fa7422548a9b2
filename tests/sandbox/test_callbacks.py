"""Callbacks are sent once, if requested, and only to this instance, whatever the URL looks like."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django_q.models import Schedule

from tavusweb.sandbox import callbacks, replicas
from tavusweb.sandbox.addresses import own_address
from tavusweb.sandbox.callbacks import send_due
from tavusweb.sandbox.models import SandboxReplica, SandboxVideo
from tests.simultaneous import simultaneously

pytestmark = pytest.mark.django_db

FILM = {"replica_name": "Maria", "train_video_url": "https://files.example/maria.mp4"}


class Listener:
    """A loopback server that records requests and returns a fixed status for each path."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.statuses: dict[str, int] = {}
        self.location = "/elsewhere"
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.received.append((self.path, json.loads(body)))
                self.send_response(listener.statuses.get(self.path, 204))
                self.send_header("Location", listener.location)
                self.end_headers()

            do_GET = do_POST  # noqa: N815

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    threading.Thread(target=made.server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def here(listener: Listener, settings: Any) -> Listener:
    """Make the listener this instance's own address."""
    settings.SITE_URL = listener.url
    return listener


def test_finished_video_sends_one_callback_with_the_fields_of_its_record(
    ask: Any, make: Callable[..., str], here: Listener, clock: Any
) -> None:
    video_id = make(callback_url=f"{here.url}/callbacks/secret/?a=1")
    send_due()
    assert here.received == [], "not before it has finished"
    clock.shift(timedelta(seconds=20, microseconds=500_000))

    send_due()
    send_due()

    [(path, body)] = here.received
    record = ask("GET", f"videos/{video_id}").json()
    dates = {"created_at": "2026-06-01 09:00:00.000000", "updated_at": "2026-06-01 09:00:20.025000"}
    assert path == "/callbacks/secret/?a=1"
    assert body == record | dates
    assert body["status"] == "ready"


def test_failed_video_sends_a_callback(make: Callable[..., str], here: Listener, clock: Any) -> None:
    make("[[reject]]", callback_url=f"{here.url}/c/")
    clock.shift(4)

    send_due()

    [(_, body)] = here.received
    assert body["status"] == "error"
    assert "community guidelines" in body["status_details"]


@pytest.mark.parametrize(
    ("name", "status", "says"), [("Maria", "ready", None), ("[[fail]]", "error", "consent statement")]
)
def test_finished_training_sends_a_callback(
    ask: Any, here: Listener, clock: Any, name: str, status: str, says: str | None
) -> None:
    body = FILM | {"replica_name": name, "callback_url": f"{here.url}/trained/"}
    replica_id = ask("POST", "replicas", body).json()["replica_id"]
    clock.shift(61)

    send_due()
    send_due()

    [(path, received)] = here.received
    assert path == "/trained/"
    assert received.keys() == {"replica_id", "status", "error_message"}
    assert (received["replica_id"], received["status"]) == (replica_id, status)
    assert says in received["error_message"] if says else received["error_message"] is None


def test_video_that_waited_for_a_training_sends_its_callback_when_it_finishes(
    ask: Any, make: Callable[..., str], here: Listener, clock: Any
) -> None:
    replica_id = ask("POST", "replicas", FILM).json()["replica_id"]
    make(replica_id=replica_id, callback_url=here.url)
    make(replica_id=replicas.IN_TRAINING.replica_id, callback_url=here.url)
    clock.shift(79)
    send_due()
    assert here.received == []
    clock.shift(2)

    send_due()

    assert [(path, body["status"]) for path, body in here.received] == [("/", "ready")]


def test_video_that_fails_with_its_deleted_replica_sends_a_callback(
    ask: Any, make: Callable[..., str], here: Listener, clock: Any
) -> None:
    make(replica_id=replicas.IN_TRAINING.replica_id, callback_url=f"{here.url}/c/")
    ask("DELETE", f"replicas/{replicas.IN_TRAINING.replica_id}")
    clock.shift(10)

    send_due()

    assert [body["status"] for _, body in here.received] == ["error"]


@pytest.mark.parametrize("query", ["", "?hard=true"])
def test_deleted_rows_send_no_callback(
    ask: Any, make: Callable[..., str], here: Listener, clock: Any, query: str
) -> None:
    video_id = make(callback_url=f"{here.url}/c/")
    ask("DELETE", f"videos/{video_id}{query}")
    clock.shift(60)

    send_due()

    assert here.received == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_not_followed_and_not_retried(
    make: Callable[..., str], here: Listener, clock: Any, status: int
) -> None:
    here.statuses["/c/"] = status
    make(callback_url=f"{here.url}/c/")
    clock.shift(60)

    send_due()
    send_due()

    assert [path for path, _ in here.received] == ["/c/"]


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_refused_callback_is_not_retried(make: Callable[..., str], here: Listener, clock: Any, status: int) -> None:
    here.statuses["/c/"] = status
    make(callback_url=f"{here.url}/c/")
    clock.shift(60)

    send_due()
    send_due()

    assert len(here.received) == 1


def test_another_host_is_never_called(ask: Any, make: Callable[..., str], listener: Listener, clock: Any) -> None:
    """SITE_URL names another host, so the listener is a stranger here."""
    make(callback_url=f"{listener.url}/c/")
    ask("POST", "replicas", FILM | {"callback_url": f"{listener.url}/c/"})
    clock.shift(120)

    send_due()

    assert listener.received == []
    assert not SandboxVideo.objects.exclude(callback_due_at=None).exists()
    assert not SandboxReplica.objects.exclude(callback_due_at=None).exists()


def test_former_host_of_the_instance_is_not_called(
    make: Callable[..., str], here: Listener, clock: Any, settings: Any
) -> None:
    make(callback_url=f"{here.url}/c/")
    clock.shift(60)
    settings.SITE_URL = "https://portal.example"

    send_due()

    assert here.received == []


def test_proxy_in_the_environment_is_ignored(
    make: Callable[..., str], here: Listener, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    make(callback_url=f"{here.url}/c/")
    clock.shift(60)

    send_due()

    assert len(here.received) == 1


def test_unreachable_listener_stops_nothing(make: Callable[..., str], here: Listener, clock: Any) -> None:
    here.server.shutdown()
    here.server.server_close()
    make(callback_url=f"{here.url}/c/")
    clock.shift(60)

    send_due()

    assert not SandboxVideo.objects.exclude(callback_due_at=None).exists()


def test_disabled_sandbox_sends_no_callbacks(
    make: Callable[..., str], here: Listener, clock: Any, settings: Any
) -> None:
    make(callback_url=f"{here.url}/c/")
    clock.shift(60)
    settings.SANDBOX = False

    send_due()

    assert here.received == []


def test_run_sends_a_limited_number_and_leaves_the_rest_to_the_next(
    make: Callable[..., str], here: Listener, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "LIMIT", 3)
    for number in range(5):
        make(callback_url=f"{here.url}/{number}")
    clock.shift(60)

    counts = []
    for _ in range(3):
        send_due()
        counts.append(len(here.received))

    assert counts == [3, 5, 5]
    assert {path for path, _ in here.received} == {f"/{number}" for number in range(5)}


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_callback_once(make: Callable[..., str], here: Listener, settings: Any) -> None:
    settings.SANDBOX_RENDER_SECONDS = 0
    for number in range(6):
        make(callback_url=f"{here.url}/{number}")

    simultaneously(send_due, send_due)

    assert sorted(path for path, _ in here.received) == [f"/{number}" for number in range(6)]


def test_callbacks_are_scheduled_every_minute() -> None:
    schedule = Schedule.objects.get(func="tavusweb.sandbox.callbacks.send_due")

    assert (schedule.schedule_type, schedule.minutes, schedule.repeats) == ("I", 1, -1)
    assert callable(callbacks.send_due)


# --- This instance's own URLs ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("https://portal.example/c/x/?y=1#z", "https://portal.example:443/c/x/?y=1"),
        ("https://PORTAL.example:443", "https://portal.example:443/"),
        ("http://127.0.0.1:8000/c/", "http://127.0.0.1:8000/c/"),
        ("https://portal.example//other.example/", "https://portal.example:443//other.example/"),
    ],
)
def test_callback_url_of_this_instance_is_called(url: str, called: str) -> None:
    assert own_address(url) == called


@pytest.mark.parametrize(
    "url",
    [
        *("", "portal.example", "//portal.example/", "/c/", "ftp://portal.example/", "file:///etc/passwd"),
        *("http://portal.example/", "https://portal.example:8443/", "https://portal.example.evil.example/"),
        *("https://evil.example/?https://portal.example", "https://evil.example#@portal.example/"),
        *("https://portal.example@evil.example/", "https://evil.example@portal.example/"),
        *("https://portal.example\\@evil.example/", "https://evil.example\\.portal.example/"),
        *("https://portal.example:port/", "https://[half/", "http://127.0.0.1:22/", "http://localhost:6379/"),
        *("http://169.254.169.254/latest/", "http://[::1]:8000/", "http://127.1:8000/", "http://2130706433:8000/"),
        "https://port\u0430l.example/",
    ],
)
def test_callback_url_of_any_other_host_is_not_called(url: str) -> None:
    assert own_address(url) == ""
