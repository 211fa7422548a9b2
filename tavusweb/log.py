"""What the log leaves out."""

import logging
import re

from django.core.exceptions import PermissionDenied

# Addresses that are secrets: whoever reads the log must not be able to open what they open.
SECRET_IN_PATH = re.compile(r"/(s|audio|callbacks|invitations|reset/key)/[^/\s?\"']+")
PASSING = "/readyz"  # asked every few seconds, and its 503 tells the reason to who asked


class Discretion(logging.Filter):
    """Cuts secrets out of paths, drops what /readyz says, and makes one line of a refusal: it is no crash."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if record.name == "django.request" and getattr(request, "path", "") == PASSING:
            return False
        message = record.getMessage()
        discreet = SECRET_IN_PATH.sub(r"/\1/…", message)
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = None
        if discreet != message:
            record.msg, record.args = discreet, None
        return True
