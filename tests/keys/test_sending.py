"""The rule "may this key send?" as a table, and its filters, which agree with it for every combination."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from tavusweb.keys import sending
from tavusweb.keys.models import APIKey
from tavusweb.keys.sending import Block, Decision, KeyState, may_send

NOW = timezone.now()
SOON = NOW + timedelta(seconds=5)


@pytest.mark.parametrize(
    ("state", "decision"),
    [
        (KeyState(), Decision()),
        (KeyState(rests_until=NOW - timedelta(seconds=5)), Decision()),
        (KeyState(rests_until=NOW), Decision()),
        (KeyState(rests_until=SOON), Decision(Block.RESTING, SOON)),
        (KeyState(is_frozen=True), Decision(Block.FROZEN)),
        (KeyState(is_frozen=True, rests_until=SOON), Decision(Block.FROZEN)),
        (KeyState(is_replaced=True), Decision(Block.REPLACED)),
        (KeyState(is_replaced=True, is_frozen=True), Decision(Block.REPLACED)),
        (KeyState(is_deleted=True), Decision(Block.DELETED)),
        (KeyState(is_deleted=True, is_replaced=True, is_frozen=True, rests_until=SOON), Decision(Block.DELETED)),
    ],
)
def test_key_sends_unless_deleted_replaced_frozen_or_resting(state: KeyState, decision: Decision) -> None:
    assert may_send(state, NOW) == decision
    assert decision.may_send == (decision.block is None)


@pytest.mark.django_db
@pytest.mark.parametrize("rest", [None, NOW - timedelta(seconds=5), NOW, SOON])
@pytest.mark.parametrize(("deleted", "replaced", "frozen"), list(product([False, True], repeat=3)))
def test_filters_agree_with_the_rule(deleted: bool, replaced: bool, frozen: bool, rest: object, key: APIKey) -> None:
    APIKey.objects.filter(pk=key.pk).update(
        retired_at=NOW if deleted else None,
        successor=key if replaced else None,
        frozen_at=NOW if frozen else None,
        submissions_wait_until=rest,
    )
    decision = may_send(APIKey.objects.get(pk=key.pk).state, NOW)

    assert APIKey.objects.filter(sending.ready(NOW)).exists() == decision.may_send
    assert APIKey.objects.filter(sending.active()).exists() == (decision.block in {None, Block.RESTING})
