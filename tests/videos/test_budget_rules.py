"""Who may buy how much, as a table."""

import pytest

from tavusweb.videos.budget_rules import Rules, Verdict, decide


@pytest.mark.parametrize(
    ("rules", "seconds", "used", "is_approver", "verdict"),
    [
        (Rules(), 10_000, 0, False, Verdict.BUY),
        (Rules(monthly_seconds=100), 40, 60, False, Verdict.BUY),
        (Rules(monthly_seconds=100), 41, 60, False, Verdict.REFUSE),
        (Rules(monthly_seconds=100), 41, 60, True, Verdict.REFUSE),
        (Rules(monthly_seconds=0), 1, 0, True, Verdict.REFUSE),
        (Rules(approve_above_seconds=60), 60, 0, False, Verdict.BUY),
        (Rules(approve_above_seconds=60), 61, 0, False, Verdict.PARK),
        (Rules(approve_above_seconds=60), 61, 0, True, Verdict.BUY),
        (Rules(approve_above_seconds=0), 1, 0, False, Verdict.PARK),
        (Rules(needs_approval=True), 1, 0, False, Verdict.PARK),
        (Rules(needs_approval=True), 1, 0, True, Verdict.BUY),
        (Rules(monthly_seconds=10, needs_approval=True), 11, 0, False, Verdict.REFUSE),
    ],
)
def test_budget_binds_everyone_and_approval_those_who_cannot_approve(
    rules: Rules, seconds: int, used: int, is_approver: bool, verdict: Verdict
) -> None:
    assert decide(rules, seconds=seconds, used=used, is_approver=is_approver) is verdict
