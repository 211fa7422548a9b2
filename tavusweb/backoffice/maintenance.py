"""Hourly maintenance: remove what is no longer needed."""

from django.core.management import call_command

from tavusweb.audit import retention
from tavusweb.sharing import visits
from tavusweb.videos import cleanup
from tavusweb.workspaces.models import RetiredSlug


def tidy() -> None:
    """Remove what is no longer needed.

    Recordings without a video, broken uploads, secrets of replaced keys, ended sessions, and visits and audit events past
    their retention. A task of django-q2's schedule.
    """
    cleanup.remove_orphaned_audio()
    cleanup.remove_broken_uploads()
    cleanup.forget_drained_secrets()
    call_command("clearsessions")
    RetiredSlug.objects.forget_old()
    visits.forget_old()
    retention.close_old_parts()
