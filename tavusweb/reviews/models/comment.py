from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.search_field import FoldedField, FoldingQuerySet

from ..moments import write_moment
from .feedback import Feedback

LONGEST_COMMENT = 2000  # characters
EDITABLE_FOR = timedelta(minutes=15)


class CommentQuerySet(FoldingQuerySet["Comment"]):
    def visible(self) -> "CommentQuerySet":
        return self.filter(deleted_at=None)

    def through(self, link: str) -> "CommentQuerySet":
        """Return the threads of one share link, with members' replies."""
        return self.visible().filter(link=link)


class Comment(Feedback):
    """A comment on a take as a whole, at a time, or on a sentence of the script. Replies have a `parent`.

    `once` is the number of the form that it was sent with.
    """

    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="answers")
    body = models.TextField(max_length=LONGEST_COMMENT)
    body_folded = FoldedField("body")  # for the library's search
    at_seconds = models.FloatField(_("seconds into the video"), null=True, blank=True)
    quote = models.CharField(_("sentence of the script"), max_length=300, blank=True)
    once = models.CharField(max_length=16, blank=True, editable=False)
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
        constraints = [
            models.UniqueConstraint(
                fields=["video", "link", "once"], condition=~models.Q(once=""), name="one_comment_per_form"
            )
        ]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None

    @property
    def moment(self) -> str:
        return "" if self.at_seconds is None else write_moment(self.at_seconds)

    def may_be_changed_by(self, *, user: Any = None, guest: str = "") -> bool:
        """Return whether this is the author, who may edit: members at any time, guests for EDITABLE_FOR."""
        if self.deleted_at or not self.is_of(user=user, guest=guest):
            return False
        return self.user_id is not None or timezone.now() - self.created_at <= EDITABLE_FOR
