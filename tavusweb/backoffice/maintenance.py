"""Hourly maintenance: remove what is no longer needed, settle what was left over."""

from django.core.management import call_command

from tavusweb.audit import retention
from tavusweb.notify import retention as notices
from tavusweb.sharing import deliveries, expiry_notices, reminders, replies, visit_days, visit_notices
from tavusweb.sharing import retention as visit_retention
from tavusweb.sharing.takes import waiting
from tavusweb.videos import actions as video_actions
from tavusweb.videos import approval_reminders, cleanup, history
from tavusweb.workspaces.models import RetiredSlug


def tidy() -> None:
    """Remove what is no longer needed, and settle what a broker forgot. A task of django-q2's schedule.

    Videos that were in the trash for 30 days, recordings without a video, broken uploads, secrets of replaced keys, ended
    sessions, and visits, audit events and guests' addresses past their retention go; planned takes that are ready are put
    behind their links.
    """
    video_actions.delete_expired()
    cleanup.remove_orphaned_audio()
    cleanup.remove_broken_uploads()
    cleanup.forget_drained_secrets()
    history.forget_absent()
    call_command("clearsessions")
    RetiredSlug.objects.forget_old()
    notices.recheck_visibility()
    notices.forget_old()
    waiting.settle_all()
    visit_days.roll_up()
    visit_notices.tell_of_yesterday()
    visit_retention.forget_old()
    replies.forget_old()
    reminders.remind_reviewers()
    approval_reminders.remind()
    deliveries.settle()
    expiry_notices.tell_of_expiring()
    retention.close_old_parts()
