from django.conf import settings
from django.db import models
from django.utils import timezone

from tavusweb.videos.models import Video

from .comment import Comment
from .verdict import Verdict


class ChangeDraft(models.Model):
    """A draft created from feedback on a video, with the comments and requests it should address."""

    draft = models.OneToOneField(Video, models.CASCADE, related_name="change_draft")
    source = models.ForeignKey(Video, models.CASCADE, related_name="+")
    comments = models.ManyToManyField(Comment, related_name="+", blank=True)
    verdicts = models.ManyToManyField(Verdict, related_name="+", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return str(self.draft)
