"""The data folder and the secrets in it. Standard library only: this runs before anything is installed."""

import base64
import os
import secrets
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SECRETS_FILE = "secrets.env"


def data_folder() -> Path:
    """The folder that holds everything worth a backup: `TAVUSWEB_HOME`, or `var/` in the project."""
    return Path(os.environ.get("TAVUSWEB_HOME") or PROJECT / "var").expanduser().resolve()


def read_secrets(home: Path) -> dict[str, str]:
    """What `secrets.env` holds as `NAME=value` lines; empty when there is no such file.

    Raises OSError when the file is there and cannot be read.
    """
    try:
        lines = (home / SECRETS_FILE).read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def create_secrets(home: Path) -> None:
    """Write fresh secrets, readable by their owner alone, unless there are some already."""
    path = home / SECRETS_FILE
    text = (
        "# The key of sessions and signed links, and the key ring that seals API keys (newest first).\n"
        "# Keep a copy apart from the database: without FIELD_KEYS the stored API keys cannot be opened.\n"
        f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
        f"FIELD_KEYS={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}\n"
    )
    draft = home / f".{SECRETS_FILE}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # atomic, and refuses to replace what is there
    except FileExistsError:
        pass
    finally:
        draft.unlink()
