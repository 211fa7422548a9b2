import http.server
import json
import threading

import pytest

from tavusweb.launch import readiness_watch
from tavusweb.launch.readiness_watch import HealthWatch, Reading

FRESH = Reading(is_serving=True, is_ready=True, heartbeat="fresh")
STALE = Reading(is_serving=True, heartbeat="stale", reasons=("The worker was last seen 40 seconds ago.",))


@pytest.fixture
def answering():
    """Serve one fixed response to every request; yield the port."""
    servers = []

    def answer(status: int, body: bytes) -> int:
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        return server.server_port

    yield answer
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "reading"),
    [
        (200, {"ok": True, "worker": "fresh", "reasons": []}, FRESH),
        (503, {"ok": False, "worker": "stale", "reasons": list(STALE.reasons)}, STALE),
        (503, {"ok": False, "worker": "unknown", "reasons": ["x"]}, Reading(is_serving=True, reasons=("x",))),
        (200, {}, Reading(is_serving=True, is_ready=True)),
        (200, [], Reading()),
        (200, {"reasons": None}, Reading()),
    ],
)
def test_readyz_response_becomes_a_reading(answering, status, body, reading):
    port = answering(status, json.dumps(body).encode())

    assert readiness_watch.read("127.0.0.1", port) == reading


def test_response_of_another_program_counts_as_none(answering):
    port = answering(502, b"<html>Bad gateway</html>")

    assert readiness_watch.read("127.0.0.1", port) == Reading()


def test_closed_port_counts_as_no_response(answering):
    assert readiness_watch.read("127.0.0.1", 9) == Reading()


class FakeWorker:
    is_running = True
    age = 500.0


class FakeSupervisor:
    def __init__(self):
        self.children = {"worker": FakeWorker()}
        self.restarted = []

    def restart(self, name, *, reason):
        self.restarted.append((name, reason))


@pytest.fixture
def supervisor():
    return FakeSupervisor()


def test_site_is_announced_when_it_serves_and_when_the_worker_is_ready(supervisor):
    lines = []
    readings = iter([Reading(), STALE, STALE, FRESH, FRESH])
    watch = HealthWatch(lambda: next(readings), "http://there", lines.append)

    pauses = [watch(supervisor) for _ in range(5)]

    assert lines == ["tavusweb is running at http://there (Ctrl-C stops it).", "The worker is ready."]
    assert pauses == [readiness_watch.HURRY_EVERY] * 3 + [readiness_watch.CHECK_EVERY] * 2


def test_slow_start_gives_its_reason_once(supervisor):
    lines = []
    clock = iter([0.0, 59.0, 61.0, 62.0])
    watch = HealthWatch(lambda: STALE, "http://there", lines.append, clock=lambda: next(clock))

    for _ in range(3):
        watch(supervisor)

    assert lines[1:] == ["Not ready after 60 s: The worker was last seen 40 seconds ago."]


def test_worker_without_heartbeat_is_restarted(supervisor):
    watch = HealthWatch(lambda: STALE, "http://there", lambda _: None)

    watch(supervisor)
    assert supervisor.restarted == []
    watch(supervisor)

    assert supervisor.restarted == [("worker", "runs but shows no sign of life")]


def test_starting_worker_is_not_restarted(supervisor):
    supervisor.children["worker"].is_running = False
    watch = HealthWatch(lambda: STALE, "http://there", lambda _: None)

    for _ in range(3):
        watch(supervisor)

    assert supervisor.restarted == []
