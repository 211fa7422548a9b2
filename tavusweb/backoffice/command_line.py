"""Audit events for Django's own account commands."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save, pre_save

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor

from . import actions


@contextmanager
def recorded(command: str) -> Iterator[None]:
    """Record each account saved inside the block, in the transaction of the save.

    The transaction begins with the save: one open while a password is typed would block every writer on SQLite.
    """
    with ExitStack() as stack:

        def begin(**signal: Any) -> None:
            stack.enter_context(transaction.atomic())

        def record(instance: User, created: bool, **signal: Any) -> None:
            actor = Actor.system("command line")
            actions.record_account_saved(actor, instance, is_new=created, command=command)

        pre_save.connect(begin, sender=User)
        stack.callback(pre_save.disconnect, begin, sender=User)
        post_save.connect(record, sender=User)
        stack.callback(post_save.disconnect, record, sender=User)
        yield
