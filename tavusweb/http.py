"""What every request and answer goes through: headers, the door for uploads, the look of forms, error reports."""

import ipaddress
import re
from collections.abc import Callable, ItemsView, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.debug import SafeExceptionReporterFilter

Answer = Callable[[HttpRequest], HttpResponseBase]

TOO_LARGE, NOT_STORED = "too large", "not stored"  # what may become of an upload
MULTIPART_ROOM = 4 * 1024 * 1024  # bytes of an upload's request beside the file itself


class FormRenderer(TemplatesSetting):
    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"


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


def client_address(request: HttpRequest) -> str:
    """Where a request comes from, as far as our own proxies can be believed; empty when that is no address."""
    text = request.META.get("REMOTE_ADDR", "")
    if count := settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        text = hops[-count] if len(hops) >= count else text
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""


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
    """Counts files while they are received, and keeps nothing of the one that passes the limit.

    The form is told so by `request.upload_failure`. The fields around the file are still read.
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
        self.announced = content_length - MULTIPART_ROOM

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self._check(self.announced)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        self._check(self.received)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _check(self, size: int) -> None:
        if size > settings.AUDIO_MAX_BYTES:
            _note(self, TOO_LARGE)
            raise SkipFile


class ToDisk(TemporaryFileUploadHandler):
    """Keeps a file as it comes in; a disk that does not take it is told to the form."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        with self._noting():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with self._noting():
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        try:
            return super().file_complete(file_size)
        except OSError:
            _note(self, NOT_STORED)
            return None

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            _note(self, NOT_STORED)
            raise SkipFile from None


def _note(handler: FileUploadHandler, failure: str) -> None:
    assert handler.request is not None  # noqa: S101 - Django gives each handler its request
    handler.request.upload_failure = failure  # type: ignore[attr-defined]


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
                request.upload_handlers = [TooLarge(request), ToDisk(request)]
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
