from typing import TYPE_CHECKING

from django.db import models

from .. import sending

if TYPE_CHECKING:
    from .key import APIKey  # noqa: F401 - named in quotes


class APIKeyQuerySet(models.QuerySet["APIKey"]):
    def current(self) -> "APIKeyQuerySet":
        """The keys that people see: neither deleted nor the old secret of one that was replaced."""
        return self.filter(retired_at=None, successor=None)

    def to_make_with(self) -> "APIKeyQuerySet":
        """The keys that a video can be made with, the default first."""
        return self.filter(sending.active()).order_by("-is_default", "created_at")

    def draining(self) -> "APIKeyQuerySet":
        return self.filter(retired_at=None).exclude(successor=None)
