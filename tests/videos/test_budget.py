"""A budget is never exceeded, and a parked video is shown, reminded of, and never sent."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.keys.models import APIKey
from tavusweb.notify.models import Notice
from tavusweb.videos import actions, approval_reminders
from tavusweb.videos.actions.budget import approve_spending, change_budget, decline_spending
from tavusweb.videos.models import BudgetPolicy, OverBudget, Video, reserved_in
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role
from tests.simultaneous import simultaneously
from tests.videos.test_forms import GOOD

FOUR_SECONDS = "one two three four five six seven eight nine ten"


@pytest.fixture(autouse=True)
def live(key: APIKey) -> None:
    APIKey.objects.update(is_sandbox=False)


@pytest.fixture
def eddie(workspace: Workspace) -> User:
    person = User.objects.create_user(email="eddie@example.com", password="x")
    workspace.memberships.create(user=person, role=Role.EDITOR)
    return person


@pytest.fixture
def generate(workspace: Workspace, maria: User, key: APIKey) -> Any:
    def generate(by: User = maria, script: str = FOUR_SECONDS) -> Video:
        changes = {"title": "Welcome", "api_key": APIKey.objects.get(), "replica_id": "r1", "script": script}
        return actions.generate(Actor(user=by), workspace, uuid.uuid4(), changes)

    return generate


@pytest.fixture
def parked(generate: Any, workspace: Workspace, eddie: User) -> Video:
    BudgetPolicy.objects.create(workspace=workspace, approve_above_seconds=3)
    video: Video = generate(eddie)
    assert video.awaits_approval
    return video


def test_budget_is_reserved_and_given_back(generate: Any, workspace: Workspace) -> None:
    BudgetPolicy.objects.create(workspace=workspace, monthly_seconds=8)
    first = generate()
    generate()
    assert reserved_in(workspace.pk) == 8

    with pytest.raises(OverBudget):
        generate()
    assert Video.objects.count() == 2  # nothing half-saved

    first.cancel(by=None)
    generate()
    assert reserved_in(workspace.pk) == 8


def test_practice_and_last_month_cost_nothing(generate: Any, workspace: Workspace) -> None:
    BudgetPolicy.objects.create(workspace=workspace, monthly_seconds=4)
    generate()
    Video.objects.update(reserved_at=timezone.now() - timedelta(days=32))

    generate()
    APIKey.objects.update(is_sandbox=True)
    generate()

    assert reserved_in(workspace.pk) == 4


@pytest.mark.django_db(transaction=True)
def test_people_at_once_cannot_overspend(generate: Any, workspace: Workspace) -> None:
    BudgetPolicy.objects.create(workspace=workspace, monthly_seconds=8)

    def attempt() -> bool:
        try:
            generate()
        except OverBudget:
            return False
        return True

    assert sorted(simultaneously(*[attempt] * 5)) == [False, False, False, True, True]
    assert reserved_in(workspace.pk) == 8


def test_refusal_over_budget_keeps_what_was_typed(as_maria: Client, workspace: Workspace) -> None:
    BudgetPolicy.objects.create(workspace=workspace, monthly_seconds=1)

    answer = as_maria.post(reverse("video_new", args=[workspace.slug]), GOOD | {"script": FOUR_SECONDS})

    assert answer.status_code == 422
    assert FOUR_SECONDS in answer.text
    assert "needs about 4 s, and 1 s" in answer.text


def test_parked_video_takes_no_slot_and_cannot_be_sent(parked: Video, workspace: Workspace) -> None:
    video = Video.objects.select_related("api_key").get()

    assert not Video.objects.waiting_to_go(timezone.now() + timedelta(days=99)).exists()
    assert not video.claim()
    assert reserved_in(workspace.pk) == 0
    assert "approves its cost" in video.why_it_waits


def test_approved_video_is_sent_and_counts(parked: Video, maria: User, workspace: Workspace) -> None:
    asked = Notice.objects.get(kind="spending_asked")
    assert asked.recipient == maria

    approve_spending(Actor(user=maria), parked)

    video = Video.objects.select_related("api_key").get()
    assert Video.objects.waiting_to_go(timezone.now()).get() == video
    assert reserved_in(workspace.pk) == 4
    assert video.claim()
    assert Notice.objects.get(kind="spending_asked").closed_at
    assert AuditEvent.objects.latest("pk").action == "spending_approved"
    with pytest.raises(actions.Moved):
        approve_spending(Actor(user=maria), Video.objects.get())


def test_approval_cannot_exceed_the_budget(parked: Video, maria: User) -> None:
    BudgetPolicy.objects.update(monthly_seconds=3)

    with pytest.raises(OverBudget):
        approve_spending(Actor(user=maria), parked)

    assert Video.objects.get().awaits_approval


def test_declined_video_is_cancelled_and_its_creator_told(parked: Video, maria: User, eddie: User) -> None:
    decline_spending(Actor(user=maria), parked)

    assert Video.objects.get().status == Status.CANCELLED
    assert Notice.objects.get(kind="spending_declined").recipient == eddie
    assert Notice.objects.get(kind="spending_asked").closed_at


def test_approvers_are_reminded_once(parked: Video) -> None:
    assert approval_reminders.remind() == 0
    Video.objects.update(status_at=timezone.now() - timedelta(days=2))

    assert [approval_reminders.remind(), approval_reminders.remind()] == [1, 0]
    assert Notice.objects.filter(kind="spending_asked").count() == 2


def test_chosen_people_always_wait_and_their_owner_does_not(
    generate: Any, workspace: Workspace, eddie: User, maria: User
) -> None:
    change_budget(Actor(user=maria), workspace, [eddie, maria], monthly_seconds=None, approve_above_seconds=None)

    assert generate(eddie, "Hi").awaits_approval
    assert not generate(maria, "Hi").awaits_approval


def test_owner_sets_the_budget_on_its_page_and_approves_on_the_videos(
    as_maria: Client, parked: Video, workspace: Workspace, eddie: User
) -> None:
    given = {"monthly_seconds": "3600", "approve_above_seconds": "", "approve_people": [str(eddie.pk)]}

    saved = as_maria.post(reverse("budget", args=[workspace.slug]), given)
    page = as_maria.get(parked.get_absolute_url()).text
    approved = as_maria.post(reverse("video_spending_approve", args=[workspace.slug, parked.pk]))

    policy = BudgetPolicy.objects.get()
    assert (saved.status_code, approved.status_code) == (302, 302)
    assert (policy.monthly_seconds, policy.approve_above_seconds) == (3600, None)
    assert policy.approve_people.get() == eddie
    assert "Approve cost" in page
    assert not Video.objects.get().awaits_approval
