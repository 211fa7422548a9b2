from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.reviews.models import Comment

from .link import ShareLink


class ReplySubscriptionQuerySet(models.QuerySet["ReplySubscription"]):
    def unsettled(self) -> "ReplySubscriptionQuerySet":
        """Match confirmed subscriptions with visible replies that were neither mailed nor written by the guest."""
        answers = Comment.objects.visible().filter(
            Q(user__isnull=False) | ~Q(guest=models.OuterRef("guest")),
            parent=models.OuterRef("thread"),
            pk__gt=models.OuterRef("mailed_to"),
        )
        return self.filter(models.Exists(answers), confirmed_at__isnull=False, thread__deleted_at=None)


class ReplySubscription(models.Model):
    """A guest's wish to be mailed replies in one thread of a share page.

    The address is kept here alone, apart from the comment, which members see. `guest` is the hash of the guest's mark, by
    which their own replies are left out; `mailed_to` is the last comment that they know of.
    """

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="reply_subscriptions")
    thread = models.ForeignKey(Comment, models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=10, default="en")
    guest = models.CharField(max_length=32)
    mailed_to = models.BigIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReplySubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["link", "thread", "email"], name="one_subscription_per_thread")]
        indexes = [models.Index(fields=["created_at"])]
        verbose_name = _("reply subscription")

    def __str__(self) -> str:
        return f"{self.link} #{self.thread_id}"

    def answers(self) -> Any:
        """Return the visible replies that the guest does not know of, oldest first."""
        mine = Q(user=None, guest=self.guest)
        return (
            Comment.objects.visible().filter(parent=self.thread_id, pk__gt=self.mailed_to).exclude(mine).order_by("pk")
        )

    def claim(self, last: int) -> bool:
        """Mark replies up to `last` as mailed; False if another worker did or the subscription ended."""
        rows = ReplySubscription.objects.filter(pk=self.pk, mailed_to=self.mailed_to)
        return bool(rows.update(mailed_to=last, mailed_at=timezone.now()))

    def give_back(self, last: int) -> None:
        """Undo `claim` after a mail could not be sent, to try again later."""
        rows = ReplySubscription.objects.filter(pk=self.pk, mailed_to=last)
        rows.update(mailed_to=self.mailed_to, failures=F("failures") + 1)
