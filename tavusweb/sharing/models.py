import secrets

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.http import absolute_url
from tavusweb.text_policy import as_secret
from tavusweb.videos.models import Video


def new_token() -> str:
    return secrets.token_urlsafe(24)  # 192 bits


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def current(self) -> "ShareLinkQuerySet":
        return self.filter(revoked_at=None)


class ShareLink(models.Model):
    """A public page for one video: anyone with the link, and its password if it has one, can watch until it is revoked."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="share_links")
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    password_hash = models.CharField(max_length=128, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    guessed_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.video} shared on {self.created_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("share", args=[self.token])

    @property
    def public_url(self) -> str:
        return absolute_url(self.get_absolute_url())

    @property
    def has_password(self) -> bool:
        return bool(self.password_hash)

    def put_password(self, password: str) -> None:
        """Require this password, stored as a hash; an empty one requires none. The caller saves."""
        self.password_hash = make_password(as_secret(password)) if as_secret(password) else ""

    def is_password(self, typed: str) -> bool:
        return check_password(as_secret(typed), self.password_hash)

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    def revoke(self, *, by: User) -> bool:
        """Turn the page off; False when it was off already."""
        now = timezone.now()
        return bool(ShareLink.objects.current().filter(pk=self.pk).update(revoked_at=now, revoked_by=by))
