"""Presets of link rules: saved from a form, chosen for the next, renamed, deleted, and the workspace's default."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.sharing.link_policy import LinkPolicy
from tavusweb.sharing.models import ShareLink, SharePreset
from tavusweb.sharing.models.preset import MOST_PRESETS
from tavusweb.sharing.starting_values import as_preset, starting_values
from tavusweb.sharing.visitor_policy import CommentRule
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
PRESETS = reverse("share_presets", args=["acme"])
STRICT = LinkPolicy(max_days=10, needs_gate=True, allows_download=False, comments=CommentRule.NAMED)


@pytest.mark.parametrize(
    ("preset", "policy", "values"),
    [
        ({}, LinkPolicy(), {"expires": "never"}),
        ({"days": 7}, LinkPolicy(), {"expires": "7"}),
        ({"days": 45}, LinkPolicy(), {"expires": "date", "expiry_date": date(2027, 1, 11)}),
        ({"days": 30}, LinkPolicy(max_days=7), {"expires": "7"}),
        ({"days": 3}, LinkPolicy(max_days=7), {"expires": "date", "expiry_date": date(2026, 11, 30)}),
        (
            {"allow_download": True, "comments": "anonymous"},
            STRICT,
            {
                "expires": "date",
                "expiry_date": date(2026, 12, 7),
                "allow_download": False,
                "comments": "named",
                "email_rule": "confirmed",
            },
        ),
        ({"password": "x", "name": "y"}, LinkPolicy(), {"expires": "never"}),
    ],
)
def test_new_link_starts_from_the_preset_within_the_policy(
    preset: dict[str, Any], policy: LinkPolicy, values: dict[str, Any]
) -> None:
    assert starting_values(preset, policy, NOW, sends_mail=True) == values


def test_expiry_date_is_kept_as_days() -> None:
    cleaned = {"expires": "date", "expiry_date": date(2026, 12, 4), "name": "Ada", "password": "p", "view_limit": 5}

    assert as_preset(cleaned, NOW) == {"view_limit": 5, "days": 7}


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY)


@pytest.fixture
def save(video: Video) -> str:
    return reverse("share_preset_save", args=["acme", video.pk])


@pytest.fixture
def page(video: Video) -> str:
    return reverse("video", args=["acme", video.pk])


FORM = {"expires": "30", "email_rule": "no", "comments": "named", "view_limit": "5", "password": "open sesame"}


def test_rules_are_saved_without_the_password_and_chosen_without_scripts(
    save: str, page: str, as_maria: Client
) -> None:
    answer = as_maria.post(save, FORM | {"preset_name": "For clients", "name": "Ada"})

    preset = SharePreset.objects.get()
    assert "open sesame" not in str(preset.values)
    assert "Ada" not in str(preset.values)
    shown = as_maria.get(answer["Location"]).text
    assert 'name="view_limit" value="5"' in shown
    assert 'value="30" selected' in shown
    assert "Use preset</button>" in shown
    assert 'name="view_limit" value="5"' not in as_maria.get(page).text


def test_default_preset_applies_to_an_unchanged_form(workspace: Workspace, video: Video, as_maria: Client) -> None:
    preset = workspace.share_presets.create(name="Short", values={"days": 7, "view_limit": 3, "approval": "on"})
    as_maria.post(reverse("share_preset_default", args=["acme", preset.pk]))

    as_maria.post(reverse("share_link_create", args=["acme", video.pk]))

    link = ShareLink.objects.get()
    assert (link.view_limit, link.approval) == (3, True)
    assert link.expires_at - timezone.now() <= timedelta(days=7)


def test_cleared_field_stays_empty(workspace: Workspace, video: Video, as_maria: Client) -> None:
    workspace.share_presets.create(name="Short", values={"days": 7, "view_limit": 3}, is_default=True)

    form = {"expires": "never", "email_rule": "no", "comments": "off", "view_limit": ""}
    as_maria.post(reverse("share_link_create", args=["acme", video.pk]), form)

    link = ShareLink.objects.get()
    assert (link.view_limit, link.expires_at) == (None, None)


def test_only_one_preset_is_default_and_can_be_unset(workspace: Workspace, as_maria: Client) -> None:
    first, second = (workspace.share_presets.create(name=name) for name in ("One", "Two"))
    for preset in (first, second):
        as_maria.post(reverse("share_preset_default", args=["acme", preset.pk]))
    assert list(SharePreset.objects.filter(is_default=True)) == [second]

    as_maria.post(reverse("share_preset_default", args=["acme", second.pk]))

    assert not SharePreset.objects.filter(is_default=True).exists()


def test_saving_under_an_existing_name_replaces_the_preset(save: str, as_maria: Client) -> None:
    for limit, name in (("5", "For clients"), ("7", "FOR CLIENTS")):
        as_maria.post(save, FORM | {"view_limit": limit, "preset_name": name})

    preset = SharePreset.objects.get()
    assert (preset.name, preset.values["view_limit"]) == ("FOR CLIENTS", 7)


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "x" * 81])
def test_preset_needs_a_name(name: str, save: str, as_maria: Client) -> None:
    answer = as_maria.post(save, FORM | {"preset_name": name})

    assert answer.status_code == 422
    assert not SharePreset.objects.exists()
    assert 'name="view_limit" value="5"' in answer.text, "what was typed is still there"


def test_preset_cannot_be_renamed_to_a_taken_name(workspace: Workspace, as_maria: Client) -> None:
    preset = workspace.share_presets.create(name="One")
    workspace.share_presets.create(name="Two")
    url = reverse("share_preset_rename", args=["acme", preset.pk])

    refused = as_maria.post(url, {"preset_name": "two"})
    as_maria.post(url, {"preset_name": "Three"})

    assert refused.status_code == 422
    assert "Another preset has this name." in refused.text
    assert set(SharePreset.objects.values_list("name", flat=True)) == {"Two", "Three"}


def test_deleting_a_preset_does_not_change_its_links(workspace: Workspace, video: Video, as_maria: Client) -> None:
    preset = workspace.share_presets.create(name="One")
    ShareLink.objects.create(video=video, view_limit=5)

    as_maria.post(reverse("share_preset_delete", args=["acme", preset.pk]))

    assert ShareLink.objects.get().view_limit == 5
    assert "No presets yet" in as_maria.get(PRESETS).text


def test_preset_count_is_limited_and_other_workspaces_presets_are_404(
    workspace: Workspace, save: str, page: str, as_maria: Client, zoe: Any
) -> None:
    SharePreset.objects.bulk_create(
        SharePreset(workspace=workspace, name=f"Preset {number}") for number in range(MOST_PRESETS)
    )
    foreign = Workspace.objects.get(slug="rival").share_presets.create(name="Foreign", values={"view_limit": 9})

    assert as_maria.post(save, FORM | {"preset_name": "One more"}).status_code == 422
    assert 'name="view_limit" value="9"' not in as_maria.get(page, {"preset": foreign.pk}).text
    assert as_maria.post(reverse("share_preset_delete", args=["acme", foreign.pk])).status_code == 404
