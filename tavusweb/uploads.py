"""Upload handling: most views drop all files; those that accept them enforce limits while receiving."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from .upload_limits import MULTIPART_MAX_BYTES

TOO_LARGE, NOT_STORED = "too large", "not stored"  # how an upload can fail; otherwise in the words of its `Room`
LOOK_EVERY = 16 * 1024 * 1024  # bytes received, after which the disk is looked at again: others upload too


@dataclass(frozen=True)
class Room:
    """How many bytes of an upload fit, and the message when they don't."""

    size: int
    message: str


class NoRoom(Exception):
    """A received upload no longer fits. Nothing was kept."""


class TooLarge(FileUploadHandler):
    """Measure a file while receiving it, and discard it once it exceeds the limit.

    `request.upload_failure` informs the form. The other fields are still read.
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
        self.measured_at = 0
        self.measure: Callable[[], Room] | None = getattr(self.request, "upload_room", None)
        self.room = self.measure() if self.measure else None
        self.announced = content_length - MULTIPART_MAX_BYTES

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        assert self.request is not None  # noqa: S101 - Django gives each handler its request
        self.request.chosen_files = [*getattr(self.request, "chosen_files", []), file_name]  # type: ignore[attr-defined]
        self._check(self.announced)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        self._check(self.received)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _check(self, size: int) -> None:
        failure = TOO_LARGE if size > settings.AUDIO_MAX_BYTES else self._room_failure(size)
        if failure:
            _note(self, failure)
            raise SkipFile

    def _room_failure(self, size: int) -> str:
        """Measure the room at the beginning, and then now and again; what was received lies on the disk by then."""
        if self.measure and size >= self.measured_at + LOOK_EVERY:
            self.measured_at = size
            room = self.measure()
            self.room = Room(room.size + max(self.received, 0), room.message)
        return self.room.message if self.room and size > self.room.size else ""


class ToDisk(TemporaryFileUploadHandler):
    """Write a file to disk as it is received; the form is informed if the disk fails."""

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
    """Drop every file: most pages accept none. The default in FILE_UPLOAD_HANDLERS."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def accepts_files(view: View, *, room: Callable[[Any], Room] | None = None) -> View:
    """Let a view receive one recording.

    Placed below `in_workspace`, so that only permitted members can upload. `room` returns how much fits, given the
    request. CSRF protection reads the form and with it the files, so it has to come after the upload handlers are
    chosen.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def receiving(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_replayed = getattr(request, "csrf_processing_done", False)  # after reauthentication, and without its files
        if not is_replayed:
            if room:
                request.upload_room = partial(room, request)  # type: ignore[attr-defined]
            request.upload_handlers = [TooLarge(request), ToDisk(request)]
        return protected(request, *args, **kwargs)

    return cast(View, receiving)
