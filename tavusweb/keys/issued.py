"""The API keys that the bundled sandbox accepts: those that a workspace holds as sandbox keys.

The sandbox calls `is_issued` by the dotted name in settings.SANDBOX_KEY_CHECK and imports nothing from here.
"""

from django.core.cache import cache

from .models import APIKey, digest_of

TRIAL_SECONDS = 15  # longer than a person waits for the check of a key


def is_issued(secret: str) -> bool:
    """Whether a key of this instance holds this secret for the sandbox, or is being checked with it right now."""
    digest = digest_of(secret)
    return APIKey.objects.filter(sandbox_digest=digest).exists() or bool(cache.get(_trial(digest)))


def allow_trial(digest: str) -> None:
    """Have the sandbox accept a secret that is checked before its row is saved.

    It is left to expire: two checks of one secret at the same time must not end each other's.
    """
    cache.set(_trial(digest), 1, TRIAL_SECONDS)


def _trial(digest: str) -> str:
    return f"sandbox-trial:{digest}"
