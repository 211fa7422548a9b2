"""Who may create a workspace, and how many."""

from django.conf import settings
from django.utils.translation import gettext as _

from tavusweb.accounts.models import User

from .models import Membership
from .permissions import Role


class MayNotCreate(Exception):
    """The person may not create a workspace, or not one more. The message says why."""


def may_create(user: User) -> bool:
    """Whether the operator lets this person create workspaces at all."""
    if user.is_staff or settings.WORKSPACE_CREATION == "everyone":
        return True
    return settings.WORKSPACE_CREATION == "owners" and _owned(user) > 0


def check_creation(user: User) -> None:
    """Raise MayNotCreate. Inside a transaction, one request of a person after the other is counted."""
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
    if not may_create(user):
        raise MayNotCreate(_("On this server, you cannot create workspaces. Ask its administrator for one."))
    if _owned(user) >= settings.WORKSPACES_PER_PERSON:
        message = _("You own %(count)d workspaces, the maximum. Delete one or hand it over, then try again.")
        raise MayNotCreate(message % {"count": settings.WORKSPACES_PER_PERSON})


def _owned(user: User) -> int:
    return Membership.objects.filter(user=user, role=Role.OWNER).count()
