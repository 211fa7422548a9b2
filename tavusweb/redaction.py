"""What the log and error reports leave out."""

import logging
import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class ErrorReports(SafeExceptionReporterFilter):
    """What an error report may tell, also while DEBUG is on: no variable of any frame and nothing that was typed.

    A frame on the way to Tavus may hold an API key, and a submitted form may hold one.
    """

    hidden_settings = re.compile(
        SafeExceptionReporterFilter.hidden_settings.pattern + "|_URL$|EMAIL_CONFIG|LOCATION|REDIS", re.IGNORECASE
    )

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request else {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        return {}.items()


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
