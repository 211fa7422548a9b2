"""Triggers with which the database refuses to change recorded events, whatever code asks it to.

Triggers: an event is never updated, and deleted only when its chain's checkpoint stands for it; a chain's counts never
go back, and a chain that ever had an event stays. Anyone allowed to alter the tables can remove the triggers;
`verify_audit` finds what was changed then. They are put up after every migration and not by one, because SQLite
forgets the triggers of a table that a migration alters, and alters no table that a trigger mentions.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections

EVENT, CHAIN = "audit_auditevent", "audit_auditchain"
ALWAYS = "1 = 1"
# For each trigger: table, operation, and the condition under which it is refused.
RULES = {
    "audit_event_update": (EVENT, "UPDATE", ALWAYS),
    "audit_event_delete": (EVENT, "DELETE", f"OLD.seq > (SELECT closed_seq FROM {CHAIN} WHERE id = OLD.chain_id)"),  # noqa: S608
    "audit_event_truncate": (EVENT, "TRUNCATE", ALWAYS),
    "audit_chain_update": (
        CHAIN,
        "UPDATE",
        "NEW.last_seq < OLD.last_seq OR NEW.closed_seq < OLD.closed_seq OR NEW.name <> OLD.name OR NEW.id <> OLD.id",
    ),
    "audit_chain_delete": (CHAIN, "DELETE", "OLD.last_seq > 0"),
    "audit_chain_truncate": (CHAIN, "TRUNCATE", ALWAYS),
}
SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS {name} BEFORE {act} ON {table} WHEN {refused} "
    "BEGIN SELECT RAISE(ABORT, 'The audit log is append-only'); END"
)
POSTGRESQL = """
    CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {refused} THEN
            RAISE 'The audit log is append-only' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$;

    DO $$ BEGIN  -- only when there is none: to make one is to wait for everybody who writes
        IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = '{name}' AND tgrelid = '{table}'::regclass) THEN
            CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}();
        END IF;
    END $$
"""


def put_up(using: str = "default", **signal: Any) -> None:
    """Create the triggers after migrations, if the tables exist."""
    connection = connections[using]
    if not {EVENT, CHAIN}.issubset(connection.introspection.table_names()):
        return
    with connection.cursor() as cursor:
        for name, (table, act, refused) in RULES.items():
            if connection.vendor == "postgresql":
                each = "STATEMENT" if act == "TRUNCATE" else "ROW"
                cursor.execute(POSTGRESQL.format(name=name, table=table, act=act, refused=refused, each=each))
            elif act != "TRUNCATE":
                cursor.execute(SQLITE.format(name=name, table=table, act=act, refused=refused))


def take_down(using: str = "default") -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, (table, *_) in RULES.items():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def before_migrations(using: str, plan: Sequence[tuple[Any, bool]] = (), **signal: Any) -> None:
    if any(migration.app_label == "audit" for migration, _ in plan):
        take_down(using)
