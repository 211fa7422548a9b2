"""What people do to accounts. Each act and its audit event are one transaction."""

from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.db import transaction

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import Target, record

from .browsers import browser
from .models import User


@transaction.atomic
def change_name(actor: Actor, user: User, name: str) -> None:
    before, user.name = user.name, name
    User.objects.filter(pk=user.pk).update(name=name)
    record(actor, AuditAction.ACCOUNT_CHANGED, target=user, before={"name": before}, after={"name": name})


@transaction.atomic
def end_sessions(actor: Actor, sessions: Iterable[UserSession]) -> None:
    """Sign sessions out. An actor who is not signed in, as after a password reset, acts as the sessions' owner."""
    for session in sessions:
        is_anothers = isinstance(actor.user, User) and actor.user != session.user
        record(
            actor if is_anothers else actor.as_user(session.user),
            AuditAction.SESSION_ENDED,
            target=Target(f"{browser(session.user_agent)}, {session.ip}", session._meta.label_lower, str(session.pk)),
            before={"user": session.user.email} if is_anothers else None,
        )
        session.end()
