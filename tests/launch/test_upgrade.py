"""A database created by removed migrations is refused in one line."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tavusweb.data_folder import DATABASE_FILE, PROJECT
from tavusweb.launch.upgrade import REPORTED
from tests import database, services
from tools.installed import missing_services

pytestmark = pytest.mark.thorough  # each test starts a process


def prepare(home: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "tavusweb.launch.upgrade", *options]
    env |= {"TAVUSWEB_HOME": str(home)} | variables
    return subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False)


def test_database_of_removed_migrations_is_refused_unchanged(tmp_path: Path, templates: Path) -> None:
    file = tmp_path / DATABASE_FILE
    database.copy_to(file, templates)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('videos', '0006_pending_index', '2026-11-01')"
        )
    before = file.read_bytes()

    done = prepare(tmp_path)

    assert done.returncode == REPORTED
    assert done.stderr.count("\n") == 1
    assert "older version (videos.0006_pending_index)" in done.stderr
    assert "TAVUSWEB_HOME" in done.stderr
    assert file.read_bytes() == before


def test_migrations_of_other_packages_do_not_count(tmp_path: Path, templates: Path) -> None:
    file = tmp_path / DATABASE_FILE
    database.copy_to(file, templates)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('mfa', '0099_squashed', '2026-11-01')"
        )

    assert prepare(tmp_path).returncode == 0


def test_static_files_of_a_container_image_are_not_collected_again(tmp_path: Path) -> None:
    static = tmp_path / "of-the-image"
    static.mkdir()
    (static / "staticfiles.json").write_text("of the image")

    done = prepare(tmp_path / "home", "--keep-static-files", STATIC_ROOT=str(static))

    assert done.returncode == 0, done.stderr
    assert [path.name for path in static.iterdir()] == ["staticfiles.json"]
    assert (static / "staticfiles.json").read_text() == "of the image"


def test_https_without_a_proxy_is_refused_as_a_redirect_loop(tmp_path: Path) -> None:
    done = prepare(tmp_path, SITE_URL="https://videos.example.org")

    assert done.returncode == REPORTED
    assert done.stderr.startswith("tavusweb: TRUSTED_PROXY_COUNT is 0 and SITE_URL is https://videos.example.org")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("SITE_URL", "https://videos.example.org/portal"), ("TAVUS_HOSTED_ORIGINS", "tavus.video"), ("SANDBOX", "maybe")],
)
def test_unusable_setting_is_refused_in_one_line_that_begins_with_its_name(
    name: str, value: str, tmp_path: Path
) -> None:
    done = prepare(tmp_path, **{name: value})

    assert done.returncode == REPORTED
    assert done.stderr.startswith(f"tavusweb: {name} ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / DATABASE_FILE).exists()


@pytest.mark.skipif(bool(missing_services()), reason="needs PostgreSQL")
@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_non_utf8_database_is_refused_before_anything_is_written(encoding: str, tmp_path: Path) -> None:
    with services.postgres() as server:
        with psycopg.connect(f"{server._at}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE other ENCODING '{encoding}' TEMPLATE template0 LOCALE 'C'")

        done = prepare(tmp_path, DATABASE_URL=f"{server._at}/other")

        assert done.returncode == REPORTED
        assert done.stderr.startswith(f"tavusweb: DATABASE_URL names a database with the encoding {encoding}")
        assert done.stderr.count("\n") == 1
        with psycopg.connect(f"{server._at}/other") as connection:
            assert not connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert prepare(tmp_path, "--keep-static-files", DATABASE_URL=server.url).returncode == 0
