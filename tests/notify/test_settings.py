"""The notification settings page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.models import AuditEvent
from tavusweb.notify.kinds import Cadence, Kind
from tavusweb.notify.models import Mute, Preference
from tavusweb.workspaces.models import Workspace

URL = "/account/notifications/"


def form(**changes: Any) -> dict[str, Any]:
    fields = {f"{kind}-mail": "daily" for kind in Kind} | {f"{kind}-in_app": "on" for kind in Kind}
    return fields | {"language": "en", "time_zone": "UTC"} | changes


def test_preferences_are_saved(as_maria: Client, maria: User) -> None:
    answer = as_maria.post(URL, form(**{"comment-mail": "off", "language": "de", "time_zone": "Europe/Berlin"}))

    assert answer.status_code == 302
    maria.refresh_from_db()
    assert (maria.language, maria.time_zone) == ("de", "Europe/Berlin")
    assert Preference.objects.get(kind=Kind.COMMENT).mail == Cadence.OFF
    chosen = Preference.objects.get(kind=Kind.REPLY)
    assert (chosen.mail, chosen.in_app, chosen.in_browser) == (Cadence.DAILY, True, False)
    page = as_maria.get(URL).text
    assert 'value="Europe/Berlin"' in page


def test_saving_twice_keeps_one_row_per_kind(as_maria: Client) -> None:
    for _ in range(2):
        as_maria.post(URL, form())

    assert Preference.objects.count() == len(Kind)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("europe/berlin", "Europe/Berlin"), ("New York", "America/New_York"), (" Kolkata ", "Asia/Kolkata"), ("", "")],
)
def test_time_zone_search_accepts_common_spellings(typed: str, kept: str, as_maria: Client, maria: User) -> None:
    as_maria.post(URL, form(time_zone=typed))

    maria.refresh_from_db()
    assert maria.time_zone == kept


@pytest.mark.parametrize(
    ("field", "value"),
    [("time_zone", "Mars/Olympus"), ("time_zone", "../../etc/passwd"), ("language", "xx"), ("comment-mail", "hourly")],
)
def test_unknown_values_are_rejected_and_nothing_is_saved(
    field: str, value: str, as_maria: Client, maria: User
) -> None:
    answer = as_maria.post(URL, form(**{field: value}))

    maria.refresh_from_db()
    assert answer.status_code == 422
    assert not Preference.objects.exists()
    assert (maria.language, maria.time_zone) == ("", "")


def test_new_language_and_time_zone_are_in_the_audit_log(as_maria: Client) -> None:
    as_maria.post(URL, form(language="fr"))
    as_maria.post(URL, form(language="fr"))

    [event] = AuditEvent.objects.filter(action="account_changed")
    assert event.after["language"] == "fr"


def test_muted_objects_are_listed_and_can_be_unmuted(as_maria: Client, maria: User, workspace: Workspace) -> None:
    mute = Mute.objects.create(user=maria, workspace=workspace, about="video:1", title="Launch")
    page = as_maria.get(URL).text

    as_maria.post(reverse("notification_unmute", args=[mute.pk]))

    assert "Launch" in page
    assert not Mute.objects.exists()


def test_other_members_mutes_return_404(as_maria: Client, zoe: User, workspace: Workspace) -> None:
    mute = Mute.objects.create(user=zoe, workspace=workspace, about="video:1")

    assert as_maria.post(reverse("notification_unmute", args=[mute.pk])).status_code == 404
    assert Mute.objects.exists()
