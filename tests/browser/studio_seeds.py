"""Rows for the tests of the studio. Runs inside the site through `Site.seed`."""

from datetime import timedelta

from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.workspaces.models import Workspace
from tests.browser.site import OWNER


def live_key(workspace: str) -> None:
    """Add a live key that rests for years, so that nothing is ever sent with it."""
    never = timezone.now() + timedelta(days=3650)
    room, maria = Workspace.objects.get(slug=workspace.split("/")[2]), User.objects.get(email=OWNER)
    key = APIKey.make(room, name="Live", secret="live-" + "x" * 30, is_sandbox=False, by=maria)
    key.submissions_wait_until = key.polls_wait_until = key.replicas_refresh_at = never
    key.save()
