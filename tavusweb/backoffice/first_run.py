"""The first run of a new instance: create an owner, a workspace and a sandbox key."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.keys.actions import add_sandbox_key
from tavusweb.workspaces.actions import create_workspace

from . import actions
from .actions import STARTED

DEMO_EMAIL = "owner@demo.example"
LOGIN_FILE = "demo-login.txt"


def begin() -> tuple[User, str] | None:
    """Create the first owner and the demo workspace. Return the owner and the password, or None if any account exists.

    A generated password is kept in plain text in the data folder. Raises ImproperlyConfigured for an invalid
    OWNER_EMAIL and OSError when the file cannot be written.
    """
    if User.objects.exists():
        return None
    if settings.OWNER_EMAIL:
        _check(settings.OWNER_EMAIL)
    is_demo = not settings.OWNER_EMAIL
    password = settings.OWNER_PASSWORD or secrets.token_urlsafe(12)
    with transaction.atomic():
        owner = actions.create_first_owner(
            settings.OWNER_EMAIL or DEMO_EMAIL,
            password,
            name="Demo owner" if is_demo else "",  # not translated: stored
        )
        actor = Actor.system(STARTED, user=owner)
        workspace = create_workspace(actor, "Demo")
        if settings.SANDBOX:
            add_sandbox_key(actor, workspace, secret=f"sandbox-{secrets.token_hex(16)}")
        if is_demo or not settings.OWNER_PASSWORD:
            _keep(settings.HOME / LOGIN_FILE, owner.email, password)
    return owner, password


def _check(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise ImproperlyConfigured(f"OWNER_EMAIL is not an e-mail address: {email}") from None


def _keep(path: Path, email: str, password: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"Email: {email}\nPassword: {password}\n")
