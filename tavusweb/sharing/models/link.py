import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.http import absolute_url
from tavusweb.search_field import FoldedField, FoldingQuerySet
from tavusweb.text_policy import as_secret
from tavusweb.videos.models import Video

from ..visitor_policy import CommentRule, EmailRule, Rules

if TYPE_CHECKING:
    from tavusweb.accounts.models import User


def new_token() -> str:
    return secrets.token_urlsafe(24)  # 192 bits


class ShareLinkQuerySet(FoldingQuerySet["ShareLink"]):
    def current(self) -> "ShareLinkQuerySet":
        """Return links that can still be opened, regardless of the state of their video."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None, closed_at=None)


class ShareLink(models.Model):
    """A public page for one video, with its own rules. Its URL stays the same when the rules change."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="share_links")
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    name = models.CharField(_("name"), max_length=80, blank=True)
    name_folded = FoldedField("name")
    note = models.TextField(_("note to the viewer"), max_length=500, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    view_limit = models.PositiveIntegerField(_("view limit"), null=True, blank=True)
    views_used = models.PositiveIntegerField(default=0, editable=False)
    password_hash = models.CharField(max_length=128, blank=True, editable=False)
    email_rule = models.CharField(_("require email"), max_length=9, choices=EmailRule.choices, default=EmailRule.NO)
    allowed_addresses = models.TextField(_("allowed addresses"), blank=True)
    denied_addresses = models.TextField(_("denied addresses"), blank=True)
    comments = models.CharField(_("comments"), max_length=9, choices=CommentRule.choices, default=CommentRule.OFF)
    approval = models.BooleanField(_("approval"), default=False)
    allow_download = models.BooleanField(_("allow download"), default=False)
    call_to_action = models.CharField(_("call to action"), max_length=60, blank=True)
    call_to_action_url = models.URLField(_("call to action URL"), max_length=2000, blank=True)
    shows_sender = models.BooleanField(_("show the sender"), default=True)
    shows_transcript = models.BooleanField(_("show the transcript"), default=False)
    embed_sites = models.TextField(_("allowed sites"), blank=True)

    # Of personal links: whose it is, and which were made together. Never on the page, which may be forwarded.
    recipient_email = models.EmailField(_("recipient"), max_length=254, blank=True, editable=False)
    group = models.UUIDField(null=True, blank=True, editable=False, db_index=True)

    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    guessed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed by staff at"), null=True, blank=True, editable=False)
    offers_choice = models.BooleanField(_("viewers choose among takes"), default=False, editable=False)
    loss_told_at = models.DateTimeField(_("loss of the take reported at"), null=True, blank=True, editable=False)
    closed_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    closed_with_all = models.BooleanField(_("closed with all of the workspace"), default=False, editable=False)
    expiry_told_for = models.DateTimeField(
        _("expiry that its owner was told of"), null=True, blank=True, editable=False
    )

    stands_in_for: Video | None = None  # the lost take, while `video` is an earlier one that is shown instead

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name or f"{self.video} shared on {self.created_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("share", args=[self.token])

    @property
    def public_url(self) -> str:
        return absolute_url(self.get_absolute_url())

    @property
    def rules(self) -> Rules:
        return Rules(
            is_revoked=self.is_revoked,
            is_closed=self.closed_at is not None,
            expires_at=self.expires_at,
            view_limit=self.view_limit,
            views_used=self.views_used,
            has_password=self.has_password,
            email=EmailRule(self.email_rule),
            allowed=frozenset(self.allowed_addresses.split()),
            denied=frozenset(self.denied_addresses.split()),
            comments=CommentRule(self.comments),
            approval=self.approval,
            download=self.allow_download,
            vote=self.offers_choice,
        )

    @property
    def is_open(self) -> bool:
        """Return whether anyone with the URL can watch without passing a gate."""
        return not (self.has_password or self.view_limit is not None or self.email_rule != EmailRule.NO)

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_used_up(self) -> bool:
        return self.view_limit is not None and self.views_used >= self.view_limit

    @property
    def sites(self) -> list[str]:
        """Return the origins that may embed the page; empty if embedding is off."""
        return self.embed_sites.split()

    # The password.

    @property
    def has_password(self) -> bool:
        return bool(self.password_hash)

    def put_password(self, password: str) -> None:
        """Require this password, stored as a hash; "" removes the requirement. The caller saves."""
        self.password_hash = make_password(as_secret(password)) if as_secret(password) else ""

    def is_password(self, typed: str) -> bool:
        return check_password(as_secret(typed), self.password_hash)

    # Its end, and back.

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    def revoke(self, *, by: "User") -> bool:
        """Turn the page off; return False if it already was."""
        unrevoked = ShareLink.objects.filter(pk=self.pk, revoked_at=None)
        return bool(unrevoked.update(revoked_at=timezone.now(), revoked_by=by))

    def restore(self) -> bool:
        """Turn the page on again at the same URL; return False if it already was."""
        revoked = ShareLink.objects.filter(pk=self.pk).exclude(revoked_at=None)
        return bool(revoked.update(revoked_at=None, revoked_by=None))

    def use_view(self) -> bool:
        """Atomically use one view of a limited link; return False if none is left."""
        left = ShareLink.objects.filter(pk=self.pk, views_used__lt=F("view_limit"))
        return bool(left.update(views_used=F("views_used") + 1))
