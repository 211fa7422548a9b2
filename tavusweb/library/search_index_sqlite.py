"""The statements of the search index on SQLite."""

# ruff: noqa: S608 - statements put together from the constants of this file

_TEXT = (
    "{v}.title_folded || char(10) || {v}.script_folded || char(10) || {v}.replica_folded || char(10) || "
    "lower({v}.replica_id)"
)
_COMMENTS = (
    "coalesce((SELECT char(10) || group_concat(body_folded, char(10)) FROM reviews_comment "
    "WHERE video_id = {v}.id AND deleted_at IS NULL), '')"
)
# Free positions: the next one that is, when another video made in the same millisecond has it.
_POSITION = (
    "(SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM library_searchentry WHERE position = wanted) THEN wanted ELSE "
    "(SELECT position + 1 FROM library_searchentry AS near WHERE position >= wanted AND NOT EXISTS "
    "(SELECT 1 FROM library_searchentry WHERE position = near.position + 1) ORDER BY position LIMIT 1) END "
    "FROM (SELECT tavusweb_position({v}.created_at, {v}.id) AS wanted))"
)
_WHOLE = f"{_TEXT} || {_COMMENTS}"
_ADD = "INSERT INTO library_searchindex (rowid, pieces) VALUES ({row}.position, {pieces});"
_REMOVE = (
    "INSERT INTO library_searchindex (library_searchindex, rowid, pieces) VALUES ('delete', {row}.position, {pieces});"
)
_PIECES = "tavusweb_pieces({row}.text, {row}.workspace_pk, {row}.person_pk)"
_WATCHED = ("title_folded", "script_folded", "replica_folded", "replica_id", "workspace_id", "created_by_id")
_CHANGED = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _WATCHED)


def _indexed(act: str, row: str) -> str:
    return act.format(row=row, pieces=_PIECES.format(row=row))


def _of_comment(row: str) -> str:
    return (
        f"UPDATE library_searchentry SET text = (SELECT {_WHOLE.format(v='v')} FROM videos_video AS v "
        f"WHERE v.id = {row}.video_id) WHERE video_id = {row}.video_id"
        f" AND EXISTS (SELECT 1 FROM videos_video WHERE id = {row}.video_id);"
    )


TRIGGERS = {
    "search_video_added": (
        "AFTER INSERT ON videos_video",
        "INSERT INTO library_searchentry (video_id, workspace_pk, person_pk, position, text) VALUES "
        f"(NEW.id, NEW.workspace_id, NEW.created_by_id, {_POSITION.format(v='NEW')}, {_WHOLE.format(v='NEW')});",
    ),
    "search_video_changed": (
        f"AFTER UPDATE OF {', '.join(_WATCHED)} ON videos_video WHEN {_CHANGED}",
        "UPDATE library_searchentry SET workspace_pk = NEW.workspace_id, "
        # The marks of people who were deleted find nothing, so they stay: one may have made thousands of videos.
        "person_pk = coalesce(NEW.created_by_id, person_pk), "
        f"text = {_WHOLE.format(v='NEW')} WHERE video_id = NEW.id;",
    ),
    "search_video_moved": (
        "AFTER UPDATE OF created_at ON videos_video WHEN OLD.created_at IS NOT NEW.created_at",
        f"UPDATE library_searchentry SET position = {_POSITION.format(v='NEW')} WHERE video_id = NEW.id;",
    ),
    "search_comment_added": (
        "AFTER INSERT ON reviews_comment WHEN NEW.deleted_at IS NULL",
        _of_comment("NEW"),
    ),
    "search_comment_changed": (
        "AFTER UPDATE OF body_folded, deleted_at ON reviews_comment "
        "WHEN OLD.body_folded IS NOT NEW.body_folded OR OLD.deleted_at IS NOT NEW.deleted_at",
        _of_comment("NEW"),
    ),
    "search_comment_deleted": ("AFTER DELETE ON reviews_comment WHEN OLD.deleted_at IS NULL", _of_comment("OLD")),
    "search_entry_added": ("AFTER INSERT ON library_searchentry", _indexed(_ADD, "NEW")),
    "search_entry_changed": (
        "AFTER UPDATE ON library_searchentry WHEN OLD.text IS NOT NEW.text OR OLD.position IS NOT NEW.position "
        "OR OLD.workspace_pk IS NOT NEW.workspace_pk OR OLD.person_pk IS NOT NEW.person_pk",
        _indexed(_REMOVE, "OLD") + " " + _indexed(_ADD, "NEW"),
    ),
    "search_entry_deleted": ("AFTER DELETE ON library_searchentry", _indexed(_REMOVE, "OLD")),
}
TABLE = """
    CREATE VIRTUAL TABLE IF NOT EXISTS library_searchindex USING fts5(
        pieces, content='', detail=none, prefix='1 2 3',
        tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"
    )
"""
UP = [
    TABLE,
    *(f"CREATE TRIGGER IF NOT EXISTS {name} {when} BEGIN {body} END" for name, (when, body) in TRIGGERS.items()),
]
DOWN = [f"DROP TRIGGER IF EXISTS {name}" for name in TRIGGERS]
FILL = (
    "INSERT INTO library_searchentry (video_id, workspace_pk, person_pk, position, text) "
    f"SELECT v.id, v.workspace_id, v.created_by_id, {_POSITION.format(v='v')}, {_WHOLE.format(v='v')} "
    "FROM videos_video AS v WHERE NOT EXISTS (SELECT 1 FROM library_searchentry WHERE video_id = v.id)"
)
REBUILD = [*DOWN, "DROP TABLE IF EXISTS library_searchindex", "DELETE FROM library_searchentry", *UP, FILL]
