"""Update the database and the static files in a single Python process, so that starts take seconds."""

import argparse
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

STATIC_STAMP = ".static-files"
REPORTED = 3  # exit code after a problem reported in one line


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tavusweb.launch.upgrade", description=__doc__)
    parser.add_argument("--keep-static-files", action="store_true", help="they are part of the image")
    parser.add_argument("--owner-password-from-input", action="store_true", help="not from the environment")
    options = parser.parse_args()
    if options.owner_password_from_input:
        os.environ["OWNER_PASSWORD"] = sys.stdin.read()  # set after the start, so that other processes cannot see it
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tavusweb.settings")
    import django
    from django.core.checks import Tags, run_checks
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command
    from django.db import OperationalError

    try:
        django.setup()
        refuse_what_cannot_work()
        refuse_older_data()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        for message in run_checks(tags=[Tags.database], databases=["default"]):
            print(f"tavusweb: {message.msg}", file=sys.stderr)
        if not options.keep_static_files:
            collect_static_files()
        call_command("first_run")
    except (ImproperlyConfigured, CommandError) as error:
        print(f"tavusweb: {error}", file=sys.stderr)
        return REPORTED
    except OperationalError as error:
        print(f"tavusweb: the database cannot be used: {' '.join(str(error).split())}", file=sys.stderr)
        return REPORTED
    return 0


def refuse_what_cannot_work() -> None:
    """Raise CommandError for settings that do not fit each other or this database."""
    from django.conf import settings
    from django.core.management import CommandError
    from django.db import connection

    if settings.SECURE_SSL_REDIRECT and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        raise CommandError(
            f"TRUSTED_PROXY_COUNT is 0 and SITE_URL is {settings.SITE_URL}: every page would redirect to itself without "
            "end. Set it to the number of proxies in front, mostly 1; without one, SITE_URL begins with http://."
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            [encoding] = cursor.fetchone() or [""]
        if encoding != "UTF8":
            raise CommandError(
                f"DATABASE_URL names a database with the encoding {encoding}, which has no place for most letters. "
                "Create it with UTF8: createdb --encoding=UTF8 --template=template0 NAME"
            )


def refuse_older_data() -> None:
    """Raise CommandError if the database was created by migrations that no longer exist."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import CommandError
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection, ignore_no_migrations=True)
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("tavusweb.")}
    unknown = sorted(
        each for each in loader.applied_migrations if each[0] in ours and each not in loader.disk_migrations
    )
    if unknown:
        raise CommandError(
            f"the database of the data folder {settings.HOME} was made by an older version ({'.'.join(unknown[0])}) that "
            "this one does not upgrade. Start with a new data folder: TAVUSWEB_HOME names one."
        )


def collect_static_files() -> None:
    """Collect, hash and compress the static files, unless unchanged since the last start."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = settings.HOME / STATIC_STAMP
    fingerprint = hashlib.sha256("\n".join([str(settings.STATIC_ROOT), *_static_files()]).encode()).hexdigest()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if stamp.exists() and stamp.read_text() == fingerprint and manifest.exists():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(fingerprint)


def _static_files() -> Iterator[str]:
    """Yield each file's path, size and modification time."""
    from django.contrib.staticfiles.finders import get_finders

    for finder in get_finders():
        for name, storage in finder.list(None):
            path = Path(storage.path(name))
            stat = path.stat()
            yield f"{path} {stat.st_size} {stat.st_mtime_ns}"


if __name__ == "__main__":
    sys.exit(main())
