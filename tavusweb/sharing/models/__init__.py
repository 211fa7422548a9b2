from .link import ShareLink, ShareLinkQuerySet, new_token
from .visit import Visit

__all__ = ["ShareLink", "ShareLinkQuerySet", "Visit", "new_token"]
