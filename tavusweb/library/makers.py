"""Who has made videos in a workspace, members or not: for the search and for the filter."""

from tavusweb.accounts.models import User
from tavusweb.text_policy import fold
from tavusweb.workspaces.models import Workspace

# One look into the index for each person, however many videos they have made.
_MAKERS = """
    WITH RECURSIVE maker (pk) AS (
        SELECT min(created_by_id) FROM videos_video WHERE workspace_id = %s
        UNION ALL
        SELECT (SELECT min(created_by_id) FROM videos_video WHERE workspace_id = %s AND created_by_id > maker.pk)
        FROM maker WHERE maker.pk IS NOT NULL
    )
    SELECT id, name, email FROM accounts_user WHERE id IN (SELECT pk FROM maker WHERE pk IS NOT NULL)
"""


def makers_of(workspace: Workspace) -> list[User]:
    """Return everyone who has made a video here, by name. One query."""
    people = User.objects.raw(_MAKERS, [workspace.pk, workspace.pk])
    return sorted(people, key=lambda person: fold(person.display_name))
