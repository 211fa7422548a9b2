"""Admin of models whose own package cannot see all that they touch.

Users take workspace owners into account; memberships and invitations change by the acts of `team`. django-q2's schedules are read-only: an editable one could call any function
of this server.
"""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_q.admin import ScheduleAdmin as BaseScheduleAdmin
from django_q.models import Schedule

from tavusweb.accounts.admin import UserAdmin as BaseUserAdmin
from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.read_only_admin import ReadOnlyAdmin
from tavusweb.team import actions as team
from tavusweb.workspaces.models import Invitation, LastOwner, Membership, Workspace, without_whom_no_owner
from tavusweb.workspaces.permissions import Role

from . import actions

admin.site.unregister([User, Schedule])


class UserForm(UserChangeForm):  # type: ignore[type-arg]
    def clean_is_active(self) -> bool:
        """Refuse to deactivate a last owner. Runs in the saving transaction, so a concurrent removal waits."""
        is_active: bool = self.cleaned_data["is_active"]
        ends = not is_active and "is_active" in self.changed_data
        if ends and (last := without_whom_no_owner(Membership.objects.filter(user=self.instance))):
            names = ", ".join(membership.workspace.name for membership in last)
            raise ValidationError(
                _("This is the only owner of %(names)s. Make someone else an owner first."), params={"names": names}
            )
        return is_active


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    form = UserForm

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self.delete_queryset(request, User.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        delete = partial(super().delete_queryset, request)
        actions.delete_users(Actor.of(request), queryset, delete=delete)


class MembershipForm(ModelForm):  # type: ignore[type-arg]
    def clean_role(self) -> str:
        """Runs inside the saving transaction, so concurrent changes of owners wait."""
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
        """Count last owners among what is protected, so that the page says so and offers no button."""
        leaving = Membership.objects.filter(pk__in=[each.pk for each in objs])
        if transaction.get_connection().in_atomic_block:
            # Before the audit log, as everywhere: the other order could deadlock.
            workspaces = Workspace.objects.filter(pk__in=leaving.values("workspace"))
            list(workspaces.select_for_update(no_key=True).order_by("pk"))
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking, [*protected, *map(str, without_whom_no_owner(leaving))]

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        if not change:
            team.add_member(Actor.operator(request), obj)
        elif "role" in form.changed_data:
            as_stored = Membership.objects.select_related("user", "workspace").get(pk=obj.pk)
            team.change_role(Actor.operator(request), as_stored, obj.role)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        team.remove(Actor.operator(request), obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Remove all of them or none: the audit log already has all."""
        for membership in queryset.select_related("user", "workspace"):
            team.remove(Actor.operator(request), membership)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Read and revoke. The link is shown once, to the person who invites."""

    list_display = ["email", "workspace", "role", "invited_by", "created_at", "expires_at", "accepted_at", "revoked_at"]
    list_filter = ["role"]
    list_select_related = ["workspace", "invited_by"]
    search_fields = ["email", "workspace__name"]
    exclude = ["token_hash"]
    actions = ["revoke"]

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("workspaces.change_invitation")

    @admin.action(description=_("Revoke selected invitations"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        for invitation in queryset.select_related("workspace"):
            team.revoke(Actor.operator(request), invitation)


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin, BaseScheduleAdmin):
    """Schedules come from migrations; this shows when each ran last and whether it succeeded."""
