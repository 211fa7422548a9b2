import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from tavusweb.accounts.models import User
from tavusweb.accounts.sessions import SIGNED_IN_AT
from tests.accounts import provider as provider_process
from tests.accounts.provider import CLIENT, SECRET, Provider

MARIA = {"sub": "u-1", "email": "maria@example.com", "email_verified": True, "name": "Maria M."}


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def verified_maria(maria: User) -> User:
    EmailAddress.objects.create(user=maria, email=maria.email, primary=True, verified=True)
    return maria


@pytest.fixture(scope="session")
def process() -> Iterator[Provider]:
    with provider_process.running() as provider:
        yield provider


@pytest.fixture
def provider(process: Provider, settings: Any) -> Provider:
    app = {
        "provider_id": "corp",
        "name": "Corp",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": process.url, "domains": []},
    }
    settings.OIDC_PROVIDERS = [app]
    settings.SITE_URL = "http://testserver"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": [app]}
    }
    process.tell(claims=MARIA)
    return process


def let_time_pass(client: Client, seconds: float = 3600) -> None:
    """Make a session one that began a while ago."""
    session = client.session
    session[SIGNED_IN_AT] = time.time() - seconds
    session.save()


def come_in_with_factor(client: Client, user: User) -> None:
    """Sign in, with every second factor that there is shown."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": time.time(), "id": each.pk, "type": each.type}
        for each in Authenticator.objects.filter(user=user)
    ]
    session.save()


def code_in(mail: Any) -> str:
    return re.search(r"^([A-Z0-9]{4,}-?[A-Z0-9]*)$", mail.body, re.MULTILINE)[1]  # type: ignore[index]
