from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, ProtectedError, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tavusweb.read_only_admin import ReadOnlyAdmin, ReadOnlyInline

from .models import Invitation, JoinDomain, LastOwner, Membership, Workspace, without_whom_no_owner
from .permissions import Role


class MembershipInline(ReadOnlyInline):
    """To see who is in; a role is changed on the membership's own page, which keeps the workspace an owner."""

    model = Membership
    fields = readonly_fields = ("user", "role", "joined_at")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user", "workspace")


@admin.register(Workspace)
class WorkspaceAdmin(ReadOnlyAdmin):
    # Created by the owner-to-be and deleted by the owner, on pages that keep an owner and mind what is in production.
    allowed = ("change",)
    list_display = ["name", "slug", "member_count", "created_at"]
    search_fields = ["name", "slug"]
    date_hierarchy = "created_at"
    readonly_fields = ["created_at"]
    view_on_site = False  # it opens for members only
    inlines = [MembershipInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Workspace]:
        found: QuerySet[Workspace] = super().get_queryset(request)
        return found.annotate(member_count=Count("memberships"))

    @admin.display(description=_("members"), ordering="member_count")
    def member_count(self, workspace: Workspace) -> int:
        return workspace.member_count  # type: ignore[attr-defined,no-any-return]


class MembershipForm(ModelForm):  # type: ignore[type-arg]
    def clean_role(self) -> str:
        """Runs inside the transaction that saves: whoever else changes an owner waits."""
        role: str = self.cleaned_data["role"]
        if self.instance.pk and role != Role.OWNER:
            try:
                Membership.objects.get(pk=self.instance.pk).spare_last_owner()
            except LastOwner as error:
                raise ValidationError(str(error)) from None
        return role


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = MembershipForm
    list_display = ["user", "workspace", "role", "joined_at"]
    list_filter = ["role"]
    list_select_related = ["user", "workspace"]
    search_fields = ["user__email", "user__name", "workspace__name"]
    autocomplete_fields = ["user", "workspace"]

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        return ["user", "workspace", "joined_at"] if obj else ["joined_at"]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Last owners are among what is protected: the page then says so, and offers no button."""
        going = Membership.objects.filter(pk__in=[each.pk for each in objs])
        if (
            transaction.get_connection().in_atomic_block
        ):  # before the audit log, as everywhere: the other order could deadlock
            rooms = Workspace.objects.filter(pk__in=going.values("workspace"))
            list(rooms.select_for_update(no_key=True).order_by("pk"))
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return found, counts, lacking, [*protected, *map(str, without_whom_no_owner(going))]

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        self.delete_queryset(request, Membership.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Remove all of them or none: the audit log already has all."""
        for membership in queryset:
            if not membership.remove():
                raise ProtectedError(str(_("This changed in the meantime. Check it again.")), {membership})


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    allowed = ("change", "delete")  # the link is shown once, to the person who invites
    list_display = ["email", "workspace", "role", "invited_by", "created_at", "expires_at", "accepted_at", "revoked_at"]
    list_filter = ["role"]
    list_select_related = ["workspace", "invited_by"]
    search_fields = ["email", "workspace__name"]
    exclude = ["token_hash"]
    readonly_fields = ["workspace", "email", "role", "invited_by", "created_at", "accepted_at"]


@admin.register(JoinDomain)
class JoinDomainAdmin(ReadOnlyAdmin):
    allowed = ("delete",)  # added by a member with a verified address there
    list_display = ["domain", "workspace", "added_by", "added_at"]
    list_select_related = ["workspace", "added_by"]
    search_fields = ["domain", "workspace__name"]
    readonly_fields = ["workspace", "domain", "added_by", "added_at"]
