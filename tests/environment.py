"""Set the environment before Django reads its settings. Loaded with pytest's `-p`."""

import atexit
import base64
import os
import shutil
import tempfile
from pathlib import Path

HOME = tempfile.mkdtemp(prefix="tavusweb-tests-")
(Path(HOME) / "static").mkdir()  # WhiteNoise warns without it, and warnings fail tests
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

for name in [name for name in os.environ if name.startswith("TAVUS")] + [
    "SITE_URL",
    "HOST",
    "PORT",
    "REDIS_URL",
    "SANDBOX",
]:
    os.environ.pop(name, None)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "tavusweb.settings",
    "TAVUSWEB_HOME": HOME,
    "SECRET_KEY": "for-tests-only-" + "x" * 50,
    "FIELD_KEYS": base64.urlsafe_b64encode(b"0123456789abcdef0123456789abcdef").decode(),
    # Tests only contact providers that they started themselves: nothing listens on these ports.
    "TAVUS_API_URL": "http://127.0.0.1:9",
    "SANDBOX_API_URL": "http://127.0.0.1:9/sandbox",
}
