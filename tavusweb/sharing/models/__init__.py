from .link import ShareLink, ShareLinkQuerySet, new_token
from .take import LinkTake
from .visit import Visit

__all__ = ["LinkTake", "ShareLink", "ShareLinkQuerySet", "Visit", "new_token"]
