import pytest

from tavusweb.launch.supervisor import HeartbeatWatch, RestartBudget


@pytest.mark.parametrize(
    ("deaths", "delays"),
    [
        pytest.param([0], [0], id="the first is started at once"),
        pytest.param([0, 1, 2, 3, 4], [0, 1, 2, 4, 8], id="the next ones wait longer and longer"),
        pytest.param([0, 1, 2, 3, 4, 5], [0, 1, 2, 4, 8, None], id="the sixth within a minute is one too many"),
        pytest.param([0, 60], [0, 0], id="a minute later all is forgiven"),
        pytest.param([0, 59], [0, 1], id="within the minute it is not"),
        pytest.param([0, 15, 30, 45, 60, 75, 90], [0, 1, 2, 4, 4, 4, 4], id="a slow death rate goes on for ever"),
    ],
)
def test_restart_delay_doubles_until_the_budget_is_spent(deaths, delays):
    budget = RestartBudget()

    granted = [budget.spend(at) for at in deaths]

    assert granted == delays


@pytest.mark.parametrize(
    ("readings", "verdicts"),
    [
        pytest.param([("fresh", 500)], [False], id="a beating worker is there"),
        pytest.param([("stale", 500), ("stale", 505)], [False, True], id="two stale readings convince"),
        pytest.param([("stale", 500), ("fresh", 505), ("stale", 510)], [False] * 3, id="a beat between them does not"),
        pytest.param([("stale", 10), ("stale", 15)], [False, False], id="a young worker has not had its turn yet"),
        pytest.param(
            [("stale", 40), ("stale", 50), ("stale", 55)], [False, False, True], id="its grace counts for none"
        ),
        pytest.param([("never", 500), ("never", 505)], [False, True], id="never having beaten is no excuse"),
        pytest.param([("unknown", 500)] * 5, [False] * 5, id="a silent web server says nothing about the worker"),
        pytest.param([("stale", 500)] * 3, [False, True, False], id="after the verdict it counts anew"),
    ],
)
def test_old_enough_worker_without_heartbeat_is_gone(readings, verdicts):
    watch = HeartbeatWatch(patience=45)

    judged = [watch.is_gone(heartbeat, age) for heartbeat, age in readings]

    assert judged == verdicts
