"""Error pages that return what was typed, for requests that failed through no fault of the sender."""

import logging
import re
import sys
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _
from django.views.defaults import server_error as plain_server_error

from tavusweb.storage_problems import Kind, problem_of
from tavusweb.text_policy import is_blank

log = logging.getLogger(__name__)

# In the names of fields that are never returned.
SECRETS = re.compile(r"passw|secret|token|code|credential|otp|recovery|csrf", re.IGNORECASE)
# Choices and the form's own hidden fields: sent again, not shown.
OF_THE_FORM = {
    *(
        "video_id",
        "version",
        "window",
        "intent",
        "keep",
        "next",
        "audio",
        "api_key",
        "is_sandbox",
        "role",
        "lasts_days",
    ),
    *("background", "background_scroll", "background_scroll_type", "background_scroll_depth", "fast", "remove_audio"),
    *("background_scroll_return", "transparent_background", "start_with_wave"),
}
RETRY_AFTER = 10  # seconds
LONGEST_LINE = 80  # characters of a value shown on one line


@dataclass(frozen=True)
class TypedField:
    name: str
    value: str

    @property
    def label(self) -> str:
        return _("Your text") if self.name == "script" else self.name.replace("_", " ").capitalize()

    @property
    def is_hidden(self) -> bool:
        return self.name in OF_THE_FORM or is_blank(self.value)

    @property
    def is_long(self) -> bool:
        return "\n" in self.value or len(self.value) > LONGEST_LINE


@dataclass(frozen=True)
class Typed:
    """The content of a submitted form: fields without secrets, the names of the secrets, and chosen file names."""

    path: str
    fields: list[TypedField]
    secrets: list[str]
    files: list[str]

    def __bool__(self) -> bool:
        return any(not field.is_hidden for field in self.fields)


def typed_in(request: HttpRequest) -> Typed:
    """Return the content of a submitted form; nothing if it is not one of our forms."""
    path = request.get_full_path()
    nothing = Typed(path, [], [], [])
    if request.method != "POST" or not is_from_here(request):
        return nothing
    try:
        posted, files = request.POST, request.FILES
    except (RawPostDataException, OSError):
        return nothing
    fields = [TypedField(name, value) for name, values in posted.lists() for value in values]
    secrets = [name for name in posted if SECRETS.search(name) and name != "csrfmiddlewaretoken"]
    chosen = [str(getattr(file, "name", "")) for file in files.values()] + getattr(request, "chosen_files", [])
    return Typed(
        path,
        [field for field in fields if not SECRETS.search(field.name)],
        secrets,
        [name for name in dict.fromkeys(chosen) if name],
    )


def is_from_here(request: HttpRequest) -> bool:
    """Return whether one of our own pages sent the form; without headers that say so, the CSRF check must have passed."""
    if request.headers.get("Sec-Fetch-Site") or request.headers.get("Origin"):
        return is_from_our_page(request)
    return bool(getattr(request, "csrf_processing_done", False))


def is_from_our_page(request: HttpRequest) -> bool:
    """Return whether the browser's headers say that one of our own pages sent the form.

    On plain HTTP, except on localhost, browsers omit `Sec-Fetch-Site` but still send `Origin`.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return request.headers.get("Origin", "") in ours


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show the page for an expired form or one sent by another site; only our own forms are returned."""
    context = {"typed": typed_in(request) if is_from_our_page(request) else None}
    return render(request, "403_csrf.html", context, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Respond with 500, or 503 while nothing can be written. Neither page needs the database."""
    problem = problem_of(sys.exc_info()[1])
    try:
        typed = typed_in(request)
        context = {
            "typed": typed,
            "csrf_token": get_token(request) if typed else "",
            "is_locked": problem is not None and problem.kind == Kind.LOCKED,
            "is_full": problem is not None and problem.kind == Kind.FULL,
        }
        text = loader.render_to_string("503.html" if problem else "500.html", context)
    except Exception:
        log.exception("The error page could not be made")
        return plain_server_error(request)
    if not problem:
        return HttpResponse(text, status=500)
    log.warning("%s %s was not done: %s", request.method, request.path, problem.reason)
    return HttpResponse(text, status=503, headers={"Retry-After": str(RETRY_AFTER)})
