"""What is installed on this machine for the tests, and what has to be. Standard library only."""

import os
import shutil
from pathlib import Path

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def is_required(what: str) -> bool:
    """Return whether this machine is required to have it, as in continuous integration."""
    return os.environ.get(f"TAVUSWEB_REQUIRE_{what}") == "1"


def missing_services() -> str:
    """Return the missing Debian server packages as text; "" if all are installed."""
    places = {"postgresql": find_postgres(), "redis-server": shutil.which("redis-server")}
    return " and ".join(name for name, place in places.items() if not place)


def find_postgres() -> Path | None:
    """Return the folder with PostgreSQL's programs. Debian has one per version, outside PATH."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("postgres")
    return programs[-1].parent if programs else Path(on_path).parent if on_path else None


def find_nginx() -> str | None:
    """Return the path of nginx, which Debian installs in root's PATH."""
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def find_chromium() -> str | None:
    """Return the browser named by CHROMIUM, or the first on PATH."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUMS)), None)
