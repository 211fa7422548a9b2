"""Versions of a draft, and who has it open. Both are bounded."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tavusweb.accounts.models import User

from .models import DraftVersion, Video
from .models.history import DraftPresence, SavedVersion

KEEP_EVERY = timedelta(minutes=10)  # between two versions that are kept by themselves
MAX_KEPT, MAX_NAMED = 20, 50
SEEN_FOR = timedelta(seconds=45)  # how long a window counts as open after it last said so
NOTED_EVERY = timedelta(seconds=10)


class TooManyVersions(Exception):
    """The draft has as many named versions as one may have. Nothing was saved."""


def keep_by_itself(video: Video, *, by: User | None, now_due: bool = False) -> None:
    """Keep the state of a draft before it changes, if the last one is old enough; the oldest goes beyond MAX_KEPT."""
    kept = video.saved_versions.filter(name="")
    fields = DraftVersion.storable(video.spec)
    last = video.saved_versions.first()
    is_due = now_due or last is None or last.saved_at <= timezone.now() - KEEP_EVERY
    if not is_due or (last and last.fields == fields):
        return
    video.saved_versions.create(fields=fields, saved_by=by)
    beyond = list(kept.values_list("pk", flat=True)[MAX_KEPT:])
    if beyond:
        kept.filter(pk__in=beyond).delete()


def keep_named(video: Video, name: str, *, by: User | None) -> SavedVersion:
    """Keep the state of a draft under a name. Raises TooManyVersions."""
    if video.saved_versions.exclude(name="").count() >= MAX_NAMED:
        raise TooManyVersions
    version: SavedVersion = video.saved_versions.create(
        name=name, fields=DraftVersion.storable(video.spec), saved_by=by
    )
    return version


def others_in(video: Video, *, window: str, person: User) -> list[str]:
    """Note that a window has this draft open, and name the other people who have. At most one write every NOTED_EVERY."""
    now = timezone.now()
    mine = DraftPresence.objects.filter(video=video, window=window)
    known = mine.first()
    if known is None:
        DraftPresence.objects.bulk_create(
            [DraftPresence(video=video, window=window, person=person)], ignore_conflicts=True
        )
    elif known.seen_at <= now - NOTED_EVERY:
        mine.update(seen_at=now, person=person)
    there = video.presences.filter(seen_at__gt=now - SEEN_FOR).exclude(person=person).select_related("person")
    return sorted({str(each.person.display_name) for each in there})


def forget_absent() -> Any:
    """Remove the windows that have not been heard of for a day."""
    return DraftPresence.objects.filter(seen_at__lt=timezone.now() - timedelta(days=1)).delete()
