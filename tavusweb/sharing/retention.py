"""Delete visits and their statistics after the workspace's retention period, within the operator's limit."""

from datetime import date, timedelta

from django.conf import settings

from tavusweb.workspaces.models import Workspace

from .models import Visit, VisitDay
from .visit_days import start_of, today

AT_ONCE = 10_000  # visits that one run deletes of those that are kept equally long


def days_kept(workspace: Workspace) -> int | None:
    """Return for how many days a workspace keeps visits; None for no limit."""
    return _days(workspace.keep_visits_days)


def first_day(workspace: Workspace) -> date:
    """Return the first day whose visits are kept."""
    days = days_kept(workspace)
    return today() - timedelta(days=days) if days else date.min


def _days(chosen: int | None) -> int | None:
    limits = [days for days in (chosen, settings.KEEP_VISITS_DAYS) if days]
    return min(limits) if limits else None


def forget_old() -> None:
    """Delete expired visits in bounded batches, then their statistics. The next hour continues."""
    for chosen in list(Workspace.objects.order_by().values_list("keep_visits_days", flat=True).distinct()):
        if days := _days(chosen):
            _forget(chosen, today() - timedelta(days=days))


def _forget(chosen: int | None, first: date) -> None:
    theirs = {"link__video__workspace__keep_visits_days": chosen}
    old = Visit.objects.filter(at__lt=start_of(first), **theirs).order_by("at")
    batch = list(old.values_list("pk", flat=True)[:AT_ONCE])
    Visit.objects.filter(pk__in=batch).delete()
    if len(batch) < AT_ONCE:  # as long as visits of such days are left, their sums say that they are added up
        VisitDay.objects.filter(day__lt=first, video__workspace__keep_visits_days=chosen).delete()
