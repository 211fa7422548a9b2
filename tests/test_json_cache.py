"""The cache stores JSON, lets one `add` win, and never runs what was written into its table."""

import base64
import pickle
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from tavusweb.json_cache import JSONDatabaseCache, JSONSerializer
from tavusweb.rate_limits import Limit, may_go_on

pytestmark = pytest.mark.django_db


class Payload:
    """Raise when unpickled."""

    def __reduce__(self) -> Any:
        return pytest.fail, ("a value of the cache was unpickled",)


def put_raw(key: str, value: str) -> None:
    """Write a raw value, as someone with write access to the database could."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache WHERE cache_key = %s", [cache.make_key(key)])
        expires = connection.ops.adapt_datetimefield_value(timezone.now() + timedelta(hours=1))
        cursor.execute("INSERT INTO cache VALUES (%s, %s, %s)", [cache.make_key(key), value, expires])


def test_json_cache_is_the_default_cache() -> None:
    assert settings.CACHES["default"]["BACKEND"] == "tavusweb.json_cache.JSONDatabaseCache"


@pytest.mark.parametrize("value", [0, 1, -5, "", "ü\u0000\n", [1.5, 2.5], {"a": [1, None]}, True, 10**20])
def test_cached_value_is_returned(value: Any) -> None:
    cache.set("name", value)

    assert cache.get("name") == value
    assert cache.get_many(["name", "other"]) == {"name": value}
    assert cache.has_key("name")


def test_non_json_value_is_refused_when_set() -> None:
    with pytest.raises(TypeError):
        cache.set("name", Payload())


@pytest.mark.parametrize("raw", [base64.b64encode(pickle.dumps(Payload())).decode(), "{", "", "[" * 100_000])
def test_injected_pickle_is_not_run_and_counts_as_missing(raw: str) -> None:
    put_raw("name", raw)

    assert cache.get("name", "nothing") == "nothing"
    assert may_go_on(Limit.INVITE, "somebody")


def test_only_one_add_wins_until_it_expires() -> None:
    answers = [cache.add("name", number, 60) for number in range(3)]
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        is_free_again = cache.add("name", 9, 60)
        now = cache.get("name")

    assert answers == [True, False, False]
    assert is_free_again
    assert now == 9


def test_values_expire_and_can_be_touched_and_deleted() -> None:
    cache.set("short", 1, 10)
    cache.set("long", 2, 10)
    cache.set("for-ever", 3, None)
    cache.touch("long", 100)
    with time_machine.travel(timezone.now() + timedelta(seconds=50)):
        left = cache.get_many(["short", "long", "for-ever"])
    assert cache.delete("long")
    assert not cache.delete("long")

    assert left == {"long": 2, "for-ever": 3}


def test_many_rows_evict_no_other_row() -> None:
    backend = JSONDatabaseCache("cache", {"OPTIONS": {"MAX_ENTRIES": 10}})
    backend.set("limit", 1, 600)

    for number in range(60):
        backend.set(f"flood-{number}", 1, 600)

    assert backend.get("limit") == 1


@pytest.mark.parametrize("value", [0, 7, "text", [1.5], {"a": 1}, True])
def test_redis_stores_json_and_plain_numbers(value: Any) -> None:
    serializer = JSONSerializer()

    stored = serializer.dumps(value)

    assert serializer.loads(str(stored).encode() if isinstance(stored, int) and stored is not True else stored) == value
    assert serializer.loads(pickle.dumps(Payload())) is None
