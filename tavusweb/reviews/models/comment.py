import hashlib
import hmac
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .said import Said

LONGEST_COMMENT = 2000  # characters
EDITABLE_FOR = timedelta(minutes=15)


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible(self) -> "CommentQuerySet":
        return self.filter(deleted_at=None)

    def through(self, link: str) -> "CommentQuerySet":
        """What the page of one share link shows: its own threads, with the answers that members gave there."""
        return self.visible().filter(link=link)


class Comment(Said):
    """A comment on a take: on its whole, at a moment, or at a sentence of the script. Answers have a `parent`.

    `edit_key` is a hash of what a guest's browser keeps to change the comment for a few minutes.
    """

    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="answers")
    body = models.TextField(max_length=LONGEST_COMMENT)
    at_seconds = models.FloatField(_("seconds into the video"), null=True, blank=True)
    quote = models.CharField(_("sentence of the script"), max_length=300, blank=True)
    edit_key = models.CharField(max_length=64, blank=True, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["video", "link", "created_at"])]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None

    def put_edit_key(self, key: str) -> None:
        self.edit_key = hashlib.sha256(key.encode()).hexdigest() if key else ""

    def may_be_changed_with(self, key: str, *, by: Any = None) -> bool:
        """Whether whoever wrote it asks, soon enough."""
        if timezone.now() - self.created_at > EDITABLE_FOR or self.deleted_at:
            return False
        is_author = by is not None and by == self.user
        is_key = bool(self.edit_key) and hmac.compare_digest(self.edit_key, hashlib.sha256(key.encode()).hexdigest())
        return is_author or is_key
