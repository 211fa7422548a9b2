"""What a load balancer and an operator are told about the instance."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from tavusweb.backoffice.readiness import STALE_AFTER
from tavusweb.engine.models import Lease
from tavusweb.engine.sweep import LEASE


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds))


def ready(client: Client) -> tuple[int, Any]:
    response = client.get("/readyz")
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]
    return response.status_code, response.json()


def test_healthz_needs_no_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_instance_without_a_worker_is_not_ready(client: Client, db: None) -> None:
    assert ready(client) == (
        503,
        {"ok": False, "database": "ok", "worker": "never", "reasons": ["No worker has run yet."]},
    )


def test_recent_heartbeat_is_ready(client: Client, db: None) -> None:
    Lease.take(LEASE, lasts=timedelta(seconds=10))

    assert ready(client) == (200, {"ok": True, "database": "ok", "worker": "fresh", "reasons": []})
    with later(STALE_AFTER.total_seconds() - 2):
        assert ready(client)[0] == 200


def test_silent_worker_is_reported_with_its_age(client: Client, db: None) -> None:
    Lease.take(LEASE, lasts=timedelta(seconds=10))

    with later(95):
        status, answer = ready(client)

    assert (status, answer["worker"]) == (503, "stale")
    assert answer["reasons"] == ["The worker was last seen 95 seconds ago."]


def test_clock_set_back_is_no_error(client: Client, db: None) -> None:
    with later(60):
        Lease.take(LEASE, lasts=timedelta(seconds=10))

    assert ready(client)[0] == 200


def test_unavailable_database_is_reported_without_its_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise OperationalError("could not connect to postgres://me:secret@db")  # pragma: allowlist secret

    monkeypatch.setattr(Lease, "last_renewal", broken)

    status, answer = ready(client)

    assert (status, answer["database"], answer["worker"]) == (503, "down", "unknown")
    assert answer["reasons"] == ["The database does not answer (OperationalError)."]


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_is_served_on_loopback_without_https(address: str, client: Client, db: None, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get(address).status_code in {200, 503}
    assert client.head(address).status_code in {200, 503}
    assert client.post(address).status_code == 405


def test_readyz_costs_few_queries_and_no_session(client: Client, db: None, django_assert_num_queries: Any) -> None:
    is_sqlite = connection.vendor == "sqlite"  # which is told how long to wait
    with django_assert_num_queries(4 if is_sqlite else 2):
        response = client.get("/readyz")

    assert not response.cookies
