"""What people answered to two takes, beside each other: approvals and votes."""

from typing import Any

import pytest
from django.test import Client

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.models import VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker, member_speaker
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.sharing.test_comparison import ada, decide, sides, url


@pytest.fixture
def calm(make_video: Any) -> Video:
    return make_video(Status.READY, title="Calm")


@pytest.fixture
def lively(make_video: Any, calm: Video) -> Video:
    return make_video(Status.READY, title="Lively", original=calm)


def test_each_take_has_its_own_approval(as_maria: Client, maria: User, calm: Video, lively: Video) -> None:
    decide(ada(), calm)
    decide(member_speaker(maria), lively, VerdictKind.CHANGES)

    first, second = sides(as_maria.get(url(calm, lively)).text)

    assert 'data-approval="approved"' in first
    assert "Ada" in first
    assert 'data-approval="changes"' in second
    assert "Ada" not in second


def test_withdrawn_and_outdated_approvals_name_nobody(
    as_maria: Client, maria: User, calm: Video, lively: Video
) -> None:
    decide(ada(name="Olga"), lively)
    Video.objects.filter(pk=lively.pk).update(script="Other words")
    verdict = decide(member_speaker(maria), calm)
    reviews.withdraw(Actor(maria), member_speaker(maria), verdict)

    first, second = sides(as_maria.get(url(calm, lively)).text)

    assert "Not approved" in first
    assert "Maria" not in first
    assert "Not approved" in second
    assert "Olga" not in second


def test_missing_approvals_are_counted(as_maria: Client, maria: User, calm: Video, lively: Video) -> None:
    reviews.ask_for_approvals(Actor(maria), calm, needed=2)
    decide(ada(), calm)

    first, second = sides(as_maria.get(url(calm, lively)).text)

    assert "1 of 2 approved" in first
    assert 'data-approval="none"' in first
    assert " of " not in second.partition("Votes")[0]


def test_many_approvers_are_summed_up(as_maria: Client, calm: Video, lively: Video) -> None:
    for number in range(13):
        decide(ada(name=f"Guest {number}"), calm)

    first, _ = sides(as_maria.get(url(calm, lively)).text)

    assert "and 3 more" in first


def test_votes_through_all_links_are_counted_with_members_apart(
    as_maria: Client, maria: User, calm: Video, lively: Video
) -> None:
    for link in ("1", "2"):
        reviews.vote(ada(link), lively)
        member = Speaker(Proof.MEMBER, "Maria", maria.email, maria, link=link)
        reviews.vote(member, lively)
    reviews.vote(ada("3", "Olga"), calm)
    Video.objects.filter(pk=calm.pk).update(script="Other words")

    first, second = sides(as_maria.get(url(calm, lively)).text)

    assert 'data-votes="2" data-member-votes="1"' in second, "Maria voted through both links and counts once"
    assert 'data-votes="0" data-member-votes="0"' in first
    assert "1 older vote for a changed take isn’t counted." in first
