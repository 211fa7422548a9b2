"""What people are told: once, in the transaction of what happened, and only while it holds."""

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
    """`told(**changes)`: Maria is told of a comment."""

    def do(*people: User, **changes: Any) -> None:
        given: dict[str, Any] = {
            "workspace": workspace,
            "subject_key": "comment:1",
            "url": "/w/acme/",
            "about": "video:1",
        }
        tell(people or [maria], changes.pop("kind", Kind.COMMENT), **given | changes)

    return do


def test_each_person_is_told_once_of_an_event(told: Told, maria: User, erik: User) -> None:
    told(maria, erik, maria)
    told(maria, erik, data={"title": "Other words"})

    assert sorted(Notice.objects.values_list("recipient__email", flat=True)) == [
        "erik@example.com",
        "maria@example.com",
    ]


def test_two_kinds_and_two_events_are_told_apart(told: Told) -> None:
    told()
    told(kind=Kind.REPLY)
    told(subject_key="comment:2")

    assert Notice.objects.count() == 3


def test_telling_costs_one_statement(told: Told, maria: User, erik: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        told(maria, erik)


def test_nobody_and_people_who_were_deactivated_are_told_nothing(
    workspace: Workspace, erik: User, django_assert_num_queries: Any
) -> None:
    erik.is_active = False

    with django_assert_num_queries(0):
        tell([None, erik], Kind.COMMENT, workspace=workspace, subject_key="comment:1", url="/")


def test_what_did_not_happen_is_told_to_nobody(told: Told) -> None:
    with transaction.atomic():
        told()
        transaction.set_rollback(True)

    assert not Notice.objects.exists()


def test_long_text_of_strangers_is_cut(told: Told) -> None:
    told(data={"text": "x" * 5000, "name": "", "views": 3})

    assert {name: len(str(value)) for name, value in Notice.objects.get().data.items()} == {"text": 300, "views": 1}


def test_what_is_settled_is_closed_for_everybody_and_mailed_to_nobody(told: Told, maria: User, erik: User) -> None:
    told(maria, erik)
    told(maria, subject_key="comment:2")

    settle(Kind.COMMENT, subject_key="comment:1")

    assert not Notice.objects.filter(subject_key="comment:1", closed_at=None).exists()
    assert not Notice.objects.filter(subject_key="comment:1", mail_due_at__isnull=False).exists()
    assert Notice.objects.filter(subject_key="comment:2", closed_at=None).count() == 1


def test_what_is_gone_is_hidden_until_it_is_back(told: Told) -> None:
    told()

    withdraw(about="video:1")
    hidden = Notice.objects.standing().count()
    bring_back(about="video:1")

    assert (hidden, Notice.objects.standing().count()) == (0, 1)


def test_without_a_name_nothing_is_settled_or_withdrawn(told: Told) -> None:
    told()

    settle(Kind.COMMENT)
    withdraw()

    assert Notice.objects.standing().open().count() == 1


def test_every_kind_belongs_to_one_group_of_the_inbox() -> None:
    assert sorted(kind for kinds in GROUPS.values() for kind in kinds) == sorted(Kind)
