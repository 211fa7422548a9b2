"""The first run of a new instance: create an owner, a workspace and a sandbox key."""

import os
import secrets
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.keys.models import APIKey
from tavusweb.workspaces.actions import create_workspace

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
        owner = User.objects.create_superuser(
            settings.OWNER_EMAIL or DEMO_EMAIL,
            password,
            name="Demo owner" if is_demo else "",  # not translated: stored
        )
        # Verified: the operator chose it.
        EmailAddress.objects.create(user=owner, email=owner.email, primary=True, verified=True)
        made = {"by": "the first start", "is_superuser": True}
        record(Actor.system("first start", user=owner), AuditAction.ACCOUNT_CREATED, target=owner, after=made)
        workspace = create_workspace(Actor.system("first start", user=owner), "Demo")
        if settings.SANDBOX:
            secret = f"sandbox-{secrets.token_hex(16)}"
            key = APIKey.make(workspace, name="Sandbox", secret=secret, is_sandbox=True, by=owner)
            key.save()
            named = {"name": key.name, "is_sandbox": True}
            record(
                Actor.system("first start", user=owner),
                AuditAction.KEY_ADDED,
                workspace=workspace,
                target=key,
                after=named,
            )
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
