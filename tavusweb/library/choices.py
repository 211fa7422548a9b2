"""What the library can be filtered by in a workspace: people, replicas and API keys that its videos have."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from tavusweb.accounts.models import User
from tavusweb.text_policy import fold
from tavusweb.workspaces.models import Workspace

MOST = 300  # of each: a list that is longer helps nobody

# One look into an index for each person and replica, however many videos they have.
_CHOICES = f"""
    WITH RECURSIVE
    maker (pk) AS (
        SELECT min(created_by_id) FROM videos_video WHERE workspace_id = %s
        UNION ALL
        SELECT (SELECT min(created_by_id) FROM videos_video WHERE workspace_id = %s AND created_by_id > maker.pk)
        FROM maker WHERE maker.pk IS NOT NULL
    ),
    replica (id) AS (
        SELECT min(replica_id) FROM videos_video WHERE workspace_id = %s AND replica_id > ''
        UNION ALL
        SELECT (SELECT min(replica_id) FROM videos_video WHERE workspace_id = %s AND replica_id > replica.id)
        FROM replica WHERE replica.id IS NOT NULL
    )
    SELECT 'person', cast(id AS varchar(40)), name, email, NULL FROM accounts_user
        WHERE id IN (SELECT pk FROM maker WHERE pk IS NOT NULL)
    UNION ALL
    SELECT 'key', cast(id AS varchar(40)), name, CASE WHEN is_sandbox THEN 'sandbox' ELSE '' END,
        CASE WHEN retired_at IS NULL AND successor_id IS NULL THEN 'current' ELSE '' END
        FROM keys_apikey WHERE workspace_id = %s
    UNION ALL
    SELECT 'folder', cast(id AS varchar(40)), name, NULL, NULL FROM library_folder WHERE workspace_id = %s
    UNION ALL
    SELECT 'tag', cast(id AS varchar(40)), name, NULL, NULL FROM library_tag WHERE workspace_id = %s
    UNION ALL
    SELECT 'filter', cast(id AS varchar(40)), name, query, NULL FROM library_savedfilter
        WHERE workspace_id = %s AND user_id = %s
    UNION ALL
    SELECT * FROM (
        SELECT 'replica', id, (
            SELECT replica_name FROM videos_video WHERE workspace_id = %s AND replica_id = replica.id
            ORDER BY created_at DESC, videos_video.id DESC LIMIT 1
        ), NULL, NULL FROM replica WHERE id IS NOT NULL LIMIT {MOST}
    ) AS shown
"""  # noqa: S608


@dataclass(frozen=True)
class Person:
    pk: int
    name: str
    email: str

    @property
    def display_name(self) -> str:
        return self.name or self.email


@dataclass(frozen=True)
class Key:
    pk: UUID
    name: str
    is_sandbox: bool
    is_current: bool


@dataclass(frozen=True)
class Saved:
    pk: int
    name: str
    query: str


@dataclass
class Choices:
    """Each by name. `keys` are all that the workspace ever had, `filters` those that the person has saved."""

    people: list[Person] = field(default_factory=list)
    replicas: list[tuple[str, str]] = field(default_factory=list)  # ID and name
    keys: list[Key] = field(default_factory=list)
    filters: list[Saved] = field(default_factory=list)
    folders: list[tuple[int, str]] = field(default_factory=list)
    tags: list[tuple[int, str]] = field(default_factory=list)

    @property
    def current_keys(self) -> list[Key]:
        return [key for key in self.keys if key.is_current]


def choices_of(workspace: Workspace, user: User) -> Choices:
    """Return what this person can filter by; everyone who has made a video here is in it, member or not. One query."""
    choices = Choices()
    with connection.cursor() as cursor:
        cursor.execute(_CHOICES, [workspace.pk] * 8 + [user.pk, workspace.pk])
        for kind, pk, name, detail, state in cursor.fetchall():
            match kind:
                case "person":
                    choices.people.append(Person(int(pk), name, detail))
                case "key":
                    choices.keys.append(Key(UUID(pk), name, detail == "sandbox", state == "current"))
                case "filter":
                    choices.filters.append(Saved(int(pk), name, detail))
                case "folder":
                    choices.folders.append((int(pk), name))
                case "tag":
                    choices.tags.append((int(pk), name))
                case _:
                    choices.replicas.append((pk, name or pk))
    choices.people.sort(key=lambda person: fold(person.display_name))
    for labels in (choices.folders, choices.tags):
        labels.sort(key=lambda label: fold(label[1]))
    choices.replicas.sort(key=lambda replica: fold(replica[1]))
    choices.keys.sort(key=lambda key: fold(key.name))
    choices.filters.sort(key=lambda each: fold(each.name))
    return choices
