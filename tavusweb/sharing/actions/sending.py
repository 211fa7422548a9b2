"""Actions that send share links by mail."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from ..deliveries import deliver_later
from ..models import Delivery, ShareLink

MOST_A_DAY = 2000  # mails of one workspace
DAY = timedelta(days=1)


class TooManyMails(Exception):
    """The workspace has reached its daily mail limit."""


class LinkIsOff(Exception):
    """The link is off and cannot be sent."""


@transaction.atomic
def send(actor: Actor, link: ShareLink, addresses: list[str], *, note: str = "", language: str = "en") -> int:
    """Mail a link to each address separately. Raises LinkIsOff, TooManyMails, PermissionDenied."""
    workspace = link.video.workspace
    confirm_permission(actor, workspace, Permission.SHARE)
    if not ShareLink.objects.current().filter(pk=link.pk).exists():
        raise LinkIsOff
    count = send_each(actor, workspace, [(link, address) for address in addresses], note=note, language=language)
    record(actor, AuditAction.SHARE_SENT, workspace=workspace, target=link, after={"addresses": addresses})
    return count


def send_each(
    actor: Actor, workspace: Workspace, sendings: list[tuple[ShareLink, str]], *, note: str, language: str
) -> int:
    """Queue mails in the caller's transaction, which has locked the workspace. Raises TooManyMails."""
    since = timezone.now() - DAY
    sent = Delivery.objects.filter(link__video__workspace=workspace, created_at__gte=since).count()
    if sent + len(sendings) > MOST_A_DAY:
        raise TooManyMails
    rows = Delivery.objects.bulk_create(
        Delivery(link=link, email=address, note=note, language=language, created_by=actor.user)
        for link, address in sendings
    )
    deliver_later(rows)
    return len(rows)
