"""What nobody needs any more."""

import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from .models import AudioFile

ORPHANS_LIVE = timedelta(days=2)  # a form may stay open that long


def remove_orphaned_audio() -> int:
    """Delete recordings that belong to no video; answers how many."""
    orphans = AudioFile.objects.filter(videos=None, uploaded_at__lt=timezone.now() - ORPHANS_LIVE)
    removed = 0
    for audio in orphans.iterator():
        audio.file.delete(save=False)
        audio.delete()
        removed += 1
    return removed


def remove_broken_uploads() -> int:
    """Delete what interrupted uploads left; answers how many files."""
    removed = 0
    for path in settings.FILE_UPLOAD_TEMP_DIR.iterdir():
        try:
            if path.is_file() and path.stat().st_mtime < time.time() - ORPHANS_LIVE.total_seconds():
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue
    return removed
