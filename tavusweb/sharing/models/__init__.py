from .link import ShareLink, ShareLinkQuerySet, new_token
from .take import LinkTake
from .visit import Visit
from .visit_day import FirstVisit, VisitDay

__all__ = ["FirstVisit", "LinkTake", "ShareLink", "ShareLinkQuerySet", "Visit", "VisitDay", "new_token"]
