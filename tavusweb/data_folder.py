"""The data folder and its secrets. Standard library only: this runs before anything is installed."""

import base64
import fcntl
import os
import secrets
from pathlib import Path


class LaunchError(Exception):
    """A reason not to start, in one line for the operator."""


PROJECT = Path(__file__).resolve().parents[1]
SECRETS_FILE = "secrets.env"
LOCK_FILE = "start.lock"
DATABASE_FILE = "tavusweb.sqlite3"


def data_folder() -> Path:
    """Return the folder with everything worth backing up: `TAVUSWEB_HOME`, or `var/` in the project."""
    return Path(os.environ.get("TAVUSWEB_HOME", "").strip() or PROJECT / "var").expanduser().resolve()


def open_folder(home: Path) -> int:
    """Prepare the data folder and lock it for this bin/start.

    Returns the descriptor that holds the lock. Closing it, or the end of the process, releases it. Raises LaunchError.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(home / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        for folder in (home / "uploads", home / "uploads" / "incoming"):
            folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise LaunchError(
            f"cannot write to the data folder {home}: {error.strerror}. TAVUSWEB_HOME names another."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode().strip() or "unknown"
        os.close(lock)
        raise LaunchError(f"already running with the data folder {home} (pid {holder}).") from None
    os.truncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


def read_secrets(home: Path) -> dict[str, str]:
    """Read the `NAME=value` lines of `secrets.env`; empty if there is no such file.

    Raises OSError if the file exists and cannot be read.
    """
    try:
        lines = (home / SECRETS_FILE).read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def ensure_secrets(home: Path) -> None:
    """Ensure that both secrets exist, in the environment or in the data folder. Raises LaunchError."""
    if os.environ.get("SECRET_KEY") and os.environ.get("FIELD_KEYS"):
        return
    try:
        if not (home / SECRETS_FILE).exists():
            if (home / DATABASE_FILE).exists():
                # New keys could not decrypt what the lost ones sealed.
                raise LaunchError(
                    f"{home} holds a database but no {SECRETS_FILE}. Put back the copy that belongs to it."
                )
            create_secrets(home)
        (home / SECRETS_FILE).chmod(0o600)  # a restored copy may be readable by everyone
    except OSError as error:
        raise LaunchError(f"cannot keep secrets in {home / SECRETS_FILE}: {error.strerror}.") from error


def create_secrets(home: Path) -> None:
    """Write new secrets, readable only by their owner, unless some exist."""
    path = home / SECRETS_FILE
    text = (
        "# The key of sessions and signed links, and the key ring that seals API keys (newest first).\n"
        "# Keep a copy apart from the database: without FIELD_KEYS the stored API keys cannot be opened.\n"
        f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
        f"FIELD_KEYS={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}\n"
    )
    draft = home / f".{SECRETS_FILE}.{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # atomic, and fails if the file exists
    except FileExistsError:
        pass
    finally:
        draft.unlink()
