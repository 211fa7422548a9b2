"""The tests' SQLite database: migrated from zero once per set of migrations, then copied.

Django still runs `migrate` on every copy, so missing migrations are applied. `--create-db` migrates from zero.
PostgreSQL databases are always created from zero.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import django
from django.apps import apps

from tavusweb.data_folder import PROJECT


def migrations() -> Iterator[Path]:
    """Yield every file that determines the database's contents."""
    for app in apps.get_app_configs():
        yield from sorted(Path(app.path, "migrations").glob("*.py"))
    yield PROJECT / "tavusweb/audit/triggers.py"  # applied after migrations, as is the search index
    yield from sorted(PROJECT.glob("tavusweb/library/search_index*.py"))


def fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    for file in files:
        digest.update(f"\0{file}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def migrate(file: Path) -> None:
    """Create the database in a separate process, because migrations use the default connection."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"]
    subprocess.run(command, cwd=PROJECT, env=os.environ | {"DATABASE_URL": f"sqlite:///{file}"}, check=True)


def template(folder: Path) -> Path:
    """Return the migrated database in `folder`; one of several workers creates it while the others wait."""
    cached = folder / f"{fingerprint(migrations())}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not cached.exists():
            for of_other_migrations in folder.glob("*.sqlite3*"):
                of_other_migrations.unlink()
            draft = folder / "draft.sqlite3"
            migrate(draft)
            draft.rename(cached)
    return cached


def copy_to(target: Path, folder: Path) -> None:
    shutil.copyfile(template(folder), target)
