from typing import Any, cast

import allauth.mfa.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401 - what is taken out of their hands below
from allauth.account.admin import EmailAddressAdmin as BaseEmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tavusweb.read_only_admin import ReadOnlyAdmin

from .models import User

SUPERUSERS_FIELDS = ["is_superuser", "groups", "user_permissions"]


def _is_superuser(request: HttpRequest) -> bool:
    return cast(User, request.user).is_superuser


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    return user is None or not user.is_superuser or _is_superuser(request)


@admin.register(User)
class UserAdmin(BaseUserAdmin):  # type: ignore[type-arg]
    list_display = ["email", "name", "is_active", "is_staff", "last_login", "date_joined"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Person"), {"fields": ["name"]}),
        (_("Permissions"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["email", "name", "usable_password", "password1", "password2"]})
    ]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Replace the old address with the new one and end everything that the old one gave access to."""
        super().save_model(request, obj, form, change)
        if change and form.initial["email"] != obj.email:
            EmailAddress.objects.filter(user=obj).exclude(email=obj.email).delete()
            EmailAddress.objects.update_or_create(user=obj, email=obj.email, defaults={"primary": True})
            elsewhere = UserSession.objects.filter(user=obj).exclude(session_key=request.session.session_key)
            get_adapter().end_sessions(elsewhere)

    # Anyone who could make themselves a superuser, or take over a superuser's account, would be one.

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *([] if _is_superuser(request) else SUPERUSERS_FIELDS)]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)


class GroupAdmin(BaseGroupAdmin):
    """A group's permissions are those of its members, so the same rule applies."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_superuser(request)


class OfSuperusersToSuperusers:
    """Let only superusers change what gives access to a superuser's account."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        return rows if _is_superuser(request) else rows.exclude(user__is_superuser=True)


# For people who lost their second factor and recovery codes, the operator deletes the row.
admin.site.unregister([EmailAddress, Group, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession])


admin.site.register(Group, GroupAdmin)


class EmailAddressForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        """An account has one address; it is changed on the account's own page."""
        cleaned: dict[str, Any] = super().clean() or {}
        user, email = cleaned.get("user"), cleaned.get("email")
        if user and email and email.lower() != user.email:
            raise forms.ValidationError(_("This is not the account’s address. Change it under Users."))
        return cleaned


@admin.register(EmailAddress)
class EmailAddressAdmin(OfSuperusersToSuperusers, BaseEmailAddressAdmin):
    form = EmailAddressForm

    def get_readonly_fields(self, request: HttpRequest, obj: EmailAddress | None = None) -> list[str]:
        return ["user", "email"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if not _is_superuser(request):
            kwargs["queryset"] = User.objects.exclude(is_superuser=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Authenticator)
class AuthenticatorAdmin(OfSuperusersToSuperusers, ReadOnlyAdmin):
    allowed = ("delete",)
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__name"]
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")


@admin.register(SocialAccount)
class SocialAccountAdmin(OfSuperusersToSuperusers, ReadOnlyAdmin):
    allowed = ("delete",)
    list_display = ["user", "provider", "uid", "last_login"]
    list_filter = ["provider"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__name", "uid"]
    fields = readonly_fields = ("user", "provider", "uid", "last_login", "date_joined")
