"""Saved filters are a person’s own view of the library, so they leave no audit event."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tavusweb.accounts.models import User
from tavusweb.text_policy import as_line, cut, is_blank
from tavusweb.workspaces.models import Workspace

from ..filters import LibraryFilter
from ..models import SavedFilter
from ..models.saved_filter import LONGEST_NAME, MOST_FILTERS


class CannotSave(Exception):
    """The filters cannot be saved. The message says why."""


@transaction.atomic
def save_filter(user: User, workspace: Workspace, name: str, chosen: LibraryFilter) -> SavedFilter:
    """Save filters under a name, in the place of those of that name. Raises CannotSave."""
    name = cut(as_line(name), LONGEST_NAME)
    if is_blank(name):
        raise CannotSave(_("Enter a name for the filter."))
    if not chosen.values:
        raise CannotSave(_("Choose a filter first, then save it."))
    own = SavedFilter.objects.filter(user=user, workspace=workspace)
    if own.exclude(name=name).count() >= MOST_FILTERS:
        raise CannotSave(_("You have saved %(count)d filters. Delete one to save another.") % {"count": MOST_FILTERS})
    values = {"query": chosen.query, "saved_at": timezone.now()}
    saved, _is_new = SavedFilter.objects.update_or_create(user=user, workspace=workspace, name=name, defaults=values)
    return saved


def delete_filter(user: User, workspace: Workspace, pk: int) -> bool:
    """Delete one of a person's own filters; False when it is gone."""
    return bool(SavedFilter.objects.filter(user=user, workspace=workspace, pk=pk).delete()[0])
