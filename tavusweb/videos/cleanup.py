"""Remove what is no longer needed."""

import logging
import time
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tavusweb.keys.models import APIKey

from .models import AudioFile, RemoteCopy, Video

log = logging.getLogger(__name__)

ORPHANS_LIVE = timedelta(days=2)  # a form can stay open that long


def remove_orphaned_audio() -> int:
    """Delete recordings without a video. Return how many."""
    orphans = AudioFile.objects.filter(videos=None, uploaded_at__lt=timezone.now() - ORPHANS_LIVE)
    return sum(_remove(pk) for pk in orphans.values_list("pk", flat=True))


def _remove(pk: UUID) -> bool:
    """Delete a recording and its file, unless a video has started to use it."""
    try:
        with transaction.atomic():
            audio = AudioFile.objects.select_for_update().filter(pk=pk).first()
            if audio is None or audio.videos.exists():
                return False
            audio.file.delete(save=False)
            audio.delete()
    except OSError as error:
        log.warning("The recording %s cannot be deleted: %s", pk, error.strerror)
        return False
    return True


def remove_broken_uploads() -> int:
    """Delete files left by interrupted uploads. Return how many."""
    removed = 0
    for path in settings.FILE_UPLOAD_TEMP_DIR.glob("*"):
        try:
            if path.is_file() and path.stat().st_mtime < time.time() - ORPHANS_LIVE.total_seconds():
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue
    return removed


def forget_drained_secrets() -> int:
    """Erase old secrets of replaced keys that are no longer needed. Return how many."""
    videos = Video.objects.under_way_at_tavus().filter(api_key=OuterRef("pk"))
    copies = RemoteCopy.objects.to_delete().filter(api_key=OuterRef("pk"))
    rechecks = Video.objects.filter(recheck_key=OuterRef("pk"), recheck_at__isnull=False)
    gone = list(APIKey.objects.draining().exclude(Exists(videos) | Exists(copies) | Exists(rechecks)))
    for key in gone:
        key.give_up()
    return len(gone)
