"""What every request and answer goes through: privacy headers, the door for uploads, the look of forms."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload, TemporaryFileUploadHandler
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve

Answer = Callable[[HttpRequest], HttpResponseBase]

MULTIPART_ROOM = 4 * 1024 * 1024  # bytes of an upload's request beside the file itself


class FormRenderer(TemplatesSetting):
    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"


class PrivacyHeaders:
    """Headers that neither Django nor django-csp sends."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class TooLarge(FileUploadHandler):
    """Counts a file while it is received, and stops keeping it past the limit.

    What becomes of it is told to the form as `request.upload_was_too_large`.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django's own name
        content_length: Any,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        self.received = 0
        self._check(content_length - MULTIPART_ROOM)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        self._check(self.received)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _check(self, size: int) -> None:
        if size > settings.AUDIO_MAX_BYTES:
            assert self.request is not None  # noqa: S101 - Django gives each handler its request
            self.request.upload_was_too_large = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=False)


class NoFiles(FileUploadHandler):
    """Drops every file: most pages take none."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def accepts_files(view: View) -> View:
    """Mark a view as one that takes uploads."""
    view.accepts_files = True  # type: ignore[attr-defined]
    return view


class UploadDoor:
    """Lets files in only where a view takes them and only from somebody who is signed in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST" and request.content_type == "multipart/form-data":
            if self._is_open(request):
                request.upload_handlers = [TooLarge(request), TemporaryFileUploadHandler(request)]
            else:
                request.upload_handlers = [NoFiles(request)]
        return self.get_response(request)

    @staticmethod
    def _is_open(request: HttpRequest) -> bool:
        try:
            view = resolve(request.path_info).func
        except Resolver404:
            return False
        return getattr(view, "accepts_files", False) and request.user.is_authenticated


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that was open too long, or came from somewhere else."""
    return render(request, "403_csrf.html", status=403)
