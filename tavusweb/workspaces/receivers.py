from typing import Any

from allauth.account import signals as account
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor

from .first_proof import is_proven, prove_from_outside
from .models import RetiredSlug, Workspace


@receiver(post_delete, sender=Workspace)
def workspace_deleted(instance: Workspace, **kwargs: Any) -> None:
    """Keep the slug taken for a while, whichever way the workspace was deleted."""
    RetiredSlug.objects.update_or_create(slug=instance.slug, defaults={"retired_at": timezone.now()})


@receiver(account.password_reset)
def password_reset(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Verify the address: only its owner received the link."""
    if not is_proven(user):
        prove_from_outside(Actor.of(request), user, keep_password=True)
