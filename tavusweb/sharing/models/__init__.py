from .branding import Branding
from .delivery import Delivery
from .link import ShareLink, ShareLinkQuerySet, new_token
from .offer import OfferedTake
from .policy import WorkspaceLinkPolicy, policy_of
from .preset import SharePreset
from .reply_subscription import ReplySubscription
from .report import LinkFreeze, Report
from .take import LinkTake
from .visit import Visit
from .visit_day import FirstVisit, VisitDay

__all__ = [
    "Branding",
    "Delivery",
    "FirstVisit",
    "LinkFreeze",
    "LinkTake",
    "OfferedTake",
    "ReplySubscription",
    "Report",
    "ShareLink",
    "ShareLinkQuerySet",
    "SharePreset",
    "Visit",
    "VisitDay",
    "WorkspaceLinkPolicy",
    "new_token",
    "policy_of",
]
