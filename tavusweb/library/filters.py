"""The library's filters, as they stand in its address. What an address has that is no filter, or no valid one, is ignored."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tavusweb.reviews.models import Verdict, VerdictKind
from tavusweb.sharing.models import ShareLink
from tavusweb.text_policy import LONGEST_SEARCH, as_line, cut
from tavusweb.videos.models import VideoQuerySet
from tavusweb.videos.models.status import Status

from .models import FolderEntry, VideoTag

IN_PROGRESS = "in_progress"
TRASH = "trash"
UNDECIDED = "undecided"  # linked from the notice, not from the filters
STATUSES = (
    ("", _("All")),
    (IN_PROGRESS, _("In progress")),
    (Status.READY, _("Ready")),
    (Status.FAILED, _("Failed")),
    (Status.DRAFT, _("Drafts")),
    (Status.CANCELLED, _("Cancelled")),
    (TRASH, _("Trash")),
    (Status.DELETED, _("Deleted")),
)
EMPTY = {
    IN_PROGRESS: _("Nothing is rendering right now"),
    Status.READY: _("No video is ready yet"),
    Status.FAILED: _("No video has failed"),
    Status.DRAFT: _("No drafts"),
    Status.CANCELLED: _("No video was cancelled"),
    Status.DELETED: _("No video was deleted for good"),
    UNDECIDED: _("No video needs a decision"),
}
OLDEST = "oldest"
SHARED = {"yes": True, "no": False}
APPROVALS = {"approved": VerdictKind.APPROVED, "changes": VerdictKind.CHANGES}
LONGEST_ID = 200  # characters of a replica's ID
LARGEST_PK = 2**63 - 1


@dataclass(frozen=True)
class LibraryFilter:
    """What to show. Field names are those of the address; "" and None filter nothing."""

    status: str = ""
    q: str = ""
    person: int | None = None
    replica: str = ""
    key: UUID | None = None
    folder: int | None = None
    tag: int | None = None
    since: date | None = None
    until: date | None = None
    shared: str = ""
    approval: str = ""
    order: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        return cls(
            status=query.get("status", ""),
            q=cut(as_line(query.get("q", "")), LONGEST_SEARCH),
            person=_number(query.get("person", "")),
            replica=cut(as_line(query.get("replica", "")), LONGEST_ID),
            key=as_uuid(query.get("key", "")),
            folder=_number(query.get("folder", "")),
            tag=_number(query.get("tag", "")),
            since=_date(query.get("since", "")),
            until=_date(query.get("until", "")),
            shared=_one_of(SHARED, query.get("shared", "")),
            approval=_one_of(APPROVALS, query.get("approval", "")),
            order=_one_of({OLDEST}, query.get("order", "")),
        )

    @property
    def values(self) -> dict[str, str]:
        """The parameters of the address, without those that filter nothing."""
        return {name: str(value) for name, value in self.__dict__.items() if value not in {"", None}}

    @property
    def is_on(self) -> bool:
        """Whether anything can be left out."""
        return bool(self.values.keys() - {"order"})

    @property
    def folded_away(self) -> int:
        """The number of filters beside search and status."""
        return len(self.values.keys() - {"q", "status", "order"})

    @property
    def query(self) -> str:
        return urlencode(self.values)

    def url(self, **changes: Any) -> str:
        """The address of the library with other filters, on its first page."""
        return "?" + urlencode(replace(self, **changes).values)

    def page_url(self, cursor: object) -> str:
        return "?" + urlencode(self.values | {"from": str(cursor)}) if cursor else ""

    def apply(self, videos: VideoQuerySet) -> VideoQuerySet:
        """Every filter but the words, which the search looks for."""
        rows = self._with_status(videos)
        columns = {"created_by": self.person, "replica_id": self.replica, "api_key": self.key}
        rows = rows.filter(**{name: value for name, value in columns.items() if value not in {"", None}})
        if self.folder is not None:
            rows = rows.filter(pk__in=FolderEntry.objects.filter(folder=self.folder).values("video"))
        if self.tag is not None:
            rows = rows.filter(pk__in=VideoTag.objects.filter(tag=self.tag).values("video"))
        if self.since:
            rows = rows.filter(created_at__gte=_midnight(self.since))
        if self.until:
            rows = rows.filter(created_at__lt=_midnight(self.until) + timedelta(days=1))
        if self.shared:
            links = Exists(ShareLink.objects.current().filter(video=OuterRef("pk")))
            rows = rows.filter(links if SHARED[self.shared] else ~links)
        return self._with_approval(rows) if self.approval else rows

    def _with_status(self, videos: VideoQuerySet) -> VideoQuerySet:
        """Filter by status, "in progress" or the trash. Without a valid status, all that are not deleted."""
        if self.status == TRASH:
            return videos.in_trash()
        videos = videos.current()
        if self.status == IN_PROGRESS:
            return videos.pending()
        if self.status == UNDECIDED:
            return videos.asking()
        is_known = self.status in Status.values
        return videos.filter(status=self.status) if is_known else videos.exclude(status=Status.DELETED)

    def _with_approval(self, videos: VideoQuerySet) -> VideoQuerySet:
        """Videos whose present take was answered like this, and not also with a request for changes."""
        take = Coalesce(OuterRef("finished_at"), OuterRef("submitted_at"))
        standing = Verdict.objects.filter(video=OuterRef("pk"), withdrawn_at=None, take_at=take)
        changes = Exists(standing.filter(kind=VerdictKind.CHANGES))
        if self.approval == "changes":
            return videos.filter(changes)
        return videos.filter(Exists(standing.filter(kind=VerdictKind.APPROVED)), ~changes)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= LARGEST_PK else None


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _date(text: str) -> date | None:
    """A day that both databases can compare, with the next one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 9000 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _one_of(known: Any, text: str) -> str:
    return text if text in known else ""
