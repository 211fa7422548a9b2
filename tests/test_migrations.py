"""Migrations run from zero and create the database that the tests use."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import database


def made(file: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(file)) as connection:
        ask = connection.execute
        tables = [name for (name,) in ask("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            "schema": sorted(ask("SELECT type, name, sql FROM sqlite_master").fetchall(), key=str),
            "applied": ask("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall(),
            "scheduled": ask("SELECT name, func FROM django_q_schedule ORDER BY name").fetchall(),
            "rows": {table: ask(f"SELECT count(*) FROM {table}").fetchone() for table in tables},
        }


@pytest.mark.thorough
def test_migrations_from_zero_create_the_test_database(tmp_path: Path, templates: Path) -> None:
    database.migrate(tmp_path / "new.sqlite3")

    new = made(tmp_path / "new.sqlite3")
    assert new == made(database.template(templates))
    assert new["scheduled"]


def test_changed_migration_rebuilds_the_test_database(tmp_path: Path) -> None:
    files = [tmp_path / "0001_initial.py", tmp_path / "0002_more.py"]
    for file in files:
        file.write_text("operations = []")
    before = database.fingerprint(files)

    files[1].write_text("operations = [1]")

    assert database.fingerprint(files) != before
    assert database.fingerprint(files[:1]) != before


def test_migrations_of_every_app_are_tracked() -> None:
    folders = {file.parent.parent.name for file in database.migrations()}

    assert {"accounts", "workspaces", "keys", "videos", "sharing", "sandbox", "auth", "mfa", "django_q"} <= folders
