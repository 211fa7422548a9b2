"""Notices are created once, in the event's transaction, and shown only while valid."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from tavusweb.accounts.models import User
from tavusweb.notify.actions import bring_back, settle, tell, withdraw
from tavusweb.notify.kinds import GROUPS, Kind
from tavusweb.notify.models import Notice
from tavusweb.workspaces.models import Workspace

Told = Callable[..., None]


@pytest.fixture
def told(maria: User, workspace: Workspace) -> Told:
    """`told(**changes)` notifies Maria of a comment."""

    def do(*people: User, **changes: Any) -> None:
        given: dict[str, Any] = {
            "workspace": workspace,
            "subject_key": "comment:1",
            "url": "/w/acme/",
            "about": "video:1",
        }
        tell(people or [maria], changes.pop("kind", Kind.COMMENT), **given | changes)

    return do


def test_each_recipient_gets_one_notice_per_event(told: Told, maria: User, erik: User) -> None:
    told(maria, erik, maria)
    told(maria, erik, data={"title": "Other words"})

    assert sorted(Notice.objects.values_list("recipient__email", flat=True)) == [
        "erik@example.com",
        "maria@example.com",
    ]


def test_kinds_and_events_get_separate_notices(told: Told) -> None:
    told()
    told(kind=Kind.REPLY)
    told(subject_key="comment:2")

    assert Notice.objects.count() == 3


def test_notices_are_created_in_one_statement(
    told: Told, maria: User, erik: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        told(maria, erik)


def test_no_recipient_or_a_deactivated_one_gets_no_notice(
    workspace: Workspace, erik: User, django_assert_num_queries: Any
) -> None:
    erik.is_active = False

    with django_assert_num_queries(0):
        tell([None, erik], Kind.COMMENT, workspace=workspace, subject_key="comment:1", url="/")


def test_rolled_back_event_creates_no_notice(told: Told) -> None:
    with transaction.atomic():
        told()
        transaction.set_rollback(True)

    assert not Notice.objects.exists()


def test_long_guest_text_is_truncated(told: Told) -> None:
    told(data={"text": "x" * 5000, "name": "", "views": 3})

    assert {name: len(str(value)) for name, value in Notice.objects.get().data.items()} == {"text": 300, "views": 1}


def test_settled_notice_is_closed_for_all_and_not_mailed(told: Told, maria: User, erik: User) -> None:
    told(maria, erik)
    told(maria, subject_key="comment:2")

    settle(Kind.COMMENT, subject_key="comment:1")

    assert not Notice.objects.filter(subject_key="comment:1", closed_at=None).exists()
    assert not Notice.objects.filter(subject_key="comment:1", mail_due_at__isnull=False).exists()
    assert Notice.objects.filter(subject_key="comment:2", closed_at=None).count() == 1


def test_withdrawn_notice_is_hidden_until_restored(told: Told) -> None:
    told()

    withdraw(about="video:1")
    hidden = Notice.objects.active().count()
    bring_back(about="video:1")

    assert (hidden, Notice.objects.active().count()) == (0, 1)


def test_settle_and_withdraw_require_a_subject(told: Told) -> None:
    told()

    settle(Kind.COMMENT)
    withdraw()

    assert Notice.objects.active().open().count() == 1


def test_every_kind_belongs_to_one_inbox_group() -> None:
    assert sorted(kind for kinds in GROUPS.values() for kind in kinds) == sorted(Kind)
