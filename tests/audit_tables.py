"""Alter the audit log as someone with write access to the database could."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models

from tavusweb.audit import triggers
from tavusweb.audit.models import AuditChain, AuditEvent


def rows() -> models.QuerySet[AuditEvent]:
    """Return a queryset without the model's protection."""
    return models.QuerySet(AuditEvent).order_by("seq")


@contextmanager
def unguarded() -> Iterator[None]:
    """Remove the triggers for the duration."""
    connection.check_constraints()  # PostgreSQL cannot alter a table with pending deferred triggers
    triggers.take_down()
    yield
    connection.check_constraints()
    triggers.put_up()


def forget() -> None:
    """Empty the audit log."""
    with unguarded():
        rows().delete()
        AuditChain.objects.all().delete()
