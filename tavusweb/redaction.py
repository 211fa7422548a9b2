"""Keep secrets out of the log and error reports."""

import logging
import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class ErrorReports(SafeExceptionReporterFilter):
    """Leave frame variables and input out of error reports, even with DEBUG.

    A frame may hold an API key on its way to Tavus, and so may a submitted form.
    """

    hidden_settings = re.compile(
        SafeExceptionReporterFilter.hidden_settings.pattern + "|_URL$|EMAIL_CONFIG|LOCATION|REDIS", re.IGNORECASE
    )

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request else {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        return {}.items()


# Paths that contain secrets, which must not be usable by readers of the log.
SECRET_IN_PATH = re.compile(r"/(s|audio|callbacks|invitations|reset/key)/[^/\s?\"']+")
PASSING = "/readyz"  # requested every few seconds, and its 503 already contains the reason


class Discretion(logging.Filter):
    """Remove secrets from logged paths, drop /readyz entries, and shorten rejected requests to one line."""

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
