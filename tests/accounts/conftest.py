import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tavusweb.accounts.sessions import SIGNED_IN_AT


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def let_time_pass(client: Client, seconds: float = 3600) -> None:
    """Make a session one that began a while ago."""
    session = client.session
    session[SIGNED_IN_AT] = time.time() - seconds
    session.save()


def code_in(mail: Any) -> str:
    return re.search(r"^([A-Z0-9]{4,}-?[A-Z0-9]*)$", mail.body, re.MULTILINE)[1]  # type: ignore[index]
