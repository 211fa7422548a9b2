"""The hourly maintenance, and that the schedule finds it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from tavusweb.backoffice import maintenance


@pytest.mark.parametrize("name", ["sweep", "tidy", "notify"])
def test_every_schedule_names_a_function_that_exists(name: str, db: None) -> None:
    task = import_string(Schedule.objects.get(name=name).func)

    assert isinstance(task, Callable)


def test_expired_sessions_are_removed(db: None) -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=timezone.now() + timedelta(days=1))

    maintenance.tidy()

    assert [session.session_key for session in Session.objects.all()] == ["new"]


@pytest.mark.parametrize(
    "part",
    [
        "cleanup.remove_orphaned_audio",
        "cleanup.remove_broken_uploads",
        "cleanup.forget_drained_secrets",
        "deliveries.settle",
        "expiry_notices.tell_of_expiring",
        "notices.recheck_visibility",
        "notices.forget_old",
        "retention.close_old_parts",
    ],
)
def test_every_part_of_the_maintenance_runs(part: str, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []
    monkeypatch.setattr(f"tavusweb.backoffice.maintenance.{part}", lambda: ran.append(part))

    maintenance.tidy()

    assert ran == [part]
