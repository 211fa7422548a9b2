"""Redis as the broker: it loses all tasks when it dies, and the rows in the database restore them."""

import time

import pytest

from tests import services
from tests.processes.test_start import UP, last_beat, port, start  # noqa: F401
from tools.installed import missing_services

pytestmark = pytest.mark.skipif(bool(missing_services()), reason="needs Redis")


def test_redis_data_loss_costs_the_worker_only_seconds(start, until):  # noqa: F811
    with services.redis() as redis:
        site = start(REDIS_URL=redis.url)
        until(site.is_ready, within=UP)

        redis.crash()
        time.sleep(2)
        redis.start()
        back_at = time.time()

        until(lambda: last_beat(site) > back_at, within=10)
        assert not site.has_printed("starting it again")
        site.process.terminate()
        assert site.end() == 0, site.lines
