"""The statements of the search index on PostgreSQL."""

# ruff: noqa: S608 - statements put together from the constants of this file

from .grams import ID_BITS, ID_DIGITS, LENGTH, MOST_INDEXED

_TEXT = (
    "{v}.title_folded || chr(10) || {v}.script_folded || chr(10) || {v}.replica_folded || chr(10) || "
    "lower({v}.replica_id)"
)
_COMMENTS = (
    "coalesce((SELECT chr(10) || string_agg(body_folded, chr(10)) FROM reviews_comment "
    "WHERE video_id = {v}.id AND deleted_at IS NULL), '')"
)
_WHOLE = f"{_TEXT} || {_COMMENTS}"
_NEXT = " || ".join(f"coalesce(lead(sign, {steps}) OVER (ORDER BY place), '')" for steps in range(1, LENGTH))
_WATCHED = ("title_folded", "script_folded", "replica_folded", "replica_id", "workspace_id", "created_by_id")

FUNCTIONS = [
    f"""
    CREATE OR REPLACE FUNCTION library_pieces(text, bigint, bigint) RETURNS tsvector LANGUAGE sql IMMUTABLE
    PARALLEL SAFE AS $$
        SELECT array_to_tsvector(array_agg(DISTINCT piece)) FROM (
            SELECT split_part(sign || {_NEXT}, ' ', 1) AS piece
            FROM unnest(string_to_array(regexp_replace(left($1, {MOST_INDEXED}), '\\s+', ' ', 'g'), NULL))
            WITH ORDINALITY AS characters (sign, place)
            UNION ALL SELECT 'workspace' || $2
            UNION ALL SELECT 'person' || $3
        ) AS pieces WHERE piece <> ''
    $$
    """,
    f"""
    CREATE OR REPLACE FUNCTION library_position(at timestamptz, id uuid) RETURNS bigint LANGUAGE sql AS $$
        SELECT CASE WHEN NOT EXISTS (SELECT FROM library_searchentry WHERE position = wanted) THEN wanted ELSE (
            SELECT position + 1 FROM library_searchentry AS near WHERE position >= wanted AND NOT EXISTS (
                SELECT FROM library_searchentry AS following WHERE following.position = near.position + 1
            ) ORDER BY position LIMIT 1
        ) END FROM (
            SELECT (floor(extract(epoch FROM at - timestamptz '2000-01-01 00:00:00+00') * 1000)::bigint << {ID_BITS})
                | ('x' || right(id::text, {ID_DIGITS}))::bit({ID_BITS})::bigint AS wanted
        ) AS positions
    $$
    """,
    f"""
    CREATE OR REPLACE FUNCTION library_note_video() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO library_searchentry (video_id, workspace_pk, person_pk, position, text) VALUES
                (NEW.id, NEW.workspace_id, NEW.created_by_id, library_position(NEW.created_at, NEW.id),
                {_WHOLE.format(v="NEW")});
        ELSIF OLD.created_at <> NEW.created_at THEN
            UPDATE library_searchentry SET position = library_position(NEW.created_at, NEW.id)
                WHERE video_id = NEW.id;
        ELSE
            UPDATE library_searchentry SET workspace_pk = NEW.workspace_id,
                person_pk = coalesce(NEW.created_by_id, person_pk), text = {_WHOLE.format(v="NEW")}
                WHERE video_id = NEW.id;
        END IF;
        RETURN NULL;
    END $$
    """,
    f"""
    CREATE OR REPLACE FUNCTION library_note_comment() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        about uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.video_id ELSE NEW.video_id END;
    BEGIN
        UPDATE library_searchentry SET text = {_WHOLE.format(v="v")} FROM videos_video AS v
            WHERE v.id = about AND library_searchentry.video_id = about;
        RETURN NULL;
    END $$
    """,
]
TRIGGERS = {
    "search_video_added": ("videos_video", "AFTER INSERT", "true", "library_note_video"),
    "search_video_changed": (
        "videos_video",
        f"AFTER UPDATE OF {', '.join(_WATCHED)}",
        " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _WATCHED),
        "library_note_video",
    ),
    "search_video_moved": (
        "videos_video",
        "AFTER UPDATE OF created_at",
        "OLD.created_at <> NEW.created_at",
        "library_note_video",
    ),
    "search_comment_added": ("reviews_comment", "AFTER INSERT", "NEW.deleted_at IS NULL", "library_note_comment"),
    "search_comment_changed": (
        "reviews_comment",
        "AFTER UPDATE OF body_folded, deleted_at",
        "OLD.body_folded <> NEW.body_folded OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at",
        "library_note_comment",
    ),
    "search_comment_deleted": ("reviews_comment", "AFTER DELETE", "OLD.deleted_at IS NULL", "library_note_comment"),
}
UP = [
    *FUNCTIONS,
    "ALTER TABLE library_searchentry ADD COLUMN IF NOT EXISTS pieces tsvector "
    "GENERATED ALWAYS AS (library_pieces(text, workspace_pk, person_pk)) STORED",
    "CREATE INDEX IF NOT EXISTS search_pieces ON library_searchentry USING gin (pieces) WITH (fastupdate = off)",
    *(
        f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = '{name}' AND tgrelid = '{table}'::regclass) THEN
                CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW WHEN ({only}) EXECUTE FUNCTION {function}();
            END IF;
        END $$
        """
        for name, (table, when, only, function) in TRIGGERS.items()
    ),
]
DOWN = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, (table, *_) in TRIGGERS.items()]
FILL = (
    "INSERT INTO library_searchentry (video_id, workspace_pk, person_pk, position, text) "
    f"SELECT v.id, v.workspace_id, v.created_by_id, library_position(v.created_at, v.id), {_WHOLE.format(v='v')} "
    "FROM videos_video AS v WHERE NOT EXISTS (SELECT FROM library_searchentry WHERE video_id = v.id)"
)
REBUILD = [*FUNCTIONS, "DELETE FROM library_searchentry", FILL]
