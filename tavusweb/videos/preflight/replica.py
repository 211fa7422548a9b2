"""Whether a key's replica can be used, judged by the list that was last read from Tavus."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from .finding import Finding, Topic

TRUSTED_FOR = timedelta(hours=1)  # how long a whole list proves that a replica does not exist


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """A replica as the list showed it; `is_listed` is False if the last whole list lacked it."""

    name: str = ""
    is_listed: bool = False
    is_usable: bool = True
    has_error: bool = False


def replica_finding(replica: ReplicaState, *, whole_list_read_at: datetime | None, at: datetime) -> Finding | None:
    """Return what is wrong with a replica; None if nothing is known against it.

    A missing replica refuses only on the word of a whole list read within TRUSTED_FOR: others may be new at Tavus.
    """
    if replica.has_error:
        message = _("%(replica)s is in an error state at Tavus. Choose another replica.")
        return Finding(Topic.REPLICA, message % {"replica": replica.name}, refuses=True)
    if replica.is_listed and not replica.is_usable:
        message = _("%(replica)s is still in training. Tavus starts this video when training is finished.")
        return Finding(Topic.REPLICA, message % {"replica": replica.name})
    if replica.is_listed:
        return None
    if whole_list_read_at and at - whole_list_read_at <= TRUSTED_FOR:
        message = _("This API key has no replica with this ID. Choose a replica from the list.")
        return Finding(Topic.REPLICA, message, refuses=True)
    message = _("This replica isn’t in the list last read from Tavus. If Tavus doesn’t know it, the video will fail.")
    return Finding(Topic.REPLICA, message)
