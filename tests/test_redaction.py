"""The log says what happened without any secret URL."""

import logging
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from tavusweb.redaction import Discretion
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video

SECRET_PATHS = (
    "/s/tok3n/",
    "/s/tok3n/panel/",
    "/audio/tok3n:x:y/recording.mp3",
    "/callbacks/tok3n/",
    "/invitations/tok3n/",
    "/account/password/reset/key/1-tok3n/",
)


@pytest.mark.parametrize("path", SECRET_PATHS)
def test_secret_in_a_path_is_redacted(path: str) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Gone: %s", (path,), None)

    is_kept = Discretion().filter(record)

    assert is_kept
    assert "tok3n" not in record.getMessage()
    assert record.getMessage().startswith(f"Gone: {path[: re.search('[^/]*tok3n', path).start()]}…")


def test_other_paths_are_logged_unchanged() -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", ("/w/acme/videos/1/",), None)

    Discretion().filter(record)

    assert record.getMessage() == "Not Found: /w/acme/videos/1/"


def test_revoked_link_is_not_in_the_log(client: Client, make_video, capsys: pytest.CaptureFixture[str]) -> None:
    video: Video = make_video()
    link = ShareLink.objects.create(video=video)
    link.revoke(by=video.created_by)

    response = client.get(link.get_absolute_url())

    assert response.status_code == 410
    assert link.token not in "".join(capsys.readouterr())


def test_refusal_is_logged_in_one_line_and_a_crash_with_its_traceback() -> None:
    refusal, crash = PermissionDenied(), ValueError()
    records = [
        logging.LogRecord("django.request", logging.WARNING, "", 0, "Forbidden: /", (), (type(error), error, None))
        for error in (refusal, crash)
    ]

    for record in records:
        Discretion().filter(record)

    assert [bool(record.exc_info) for record in records] == [False, True]
