"""The admin of what other packages own: people with a thought for their workspaces, and django-q2's schedules without
the door through which a browser could have any function of this server run.
"""

from django.contrib import admin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django_q.admin import ScheduleAdmin as BaseScheduleAdmin
from django_q.models import Schedule

from tavusweb.accounts.admin import UserAdmin as BaseUserAdmin
from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.read_only_admin import ReadOnlyAdmin
from tavusweb.workspaces.models import Membership, without_whom_no_owner

admin.site.unregister([User, Schedule])


class UserForm(UserChangeForm):  # type: ignore[type-arg]
    def clean_is_active(self) -> bool:
        """Runs inside the transaction that saves: whoever else takes an owner away waits."""
        is_active: bool = self.cleaned_data["is_active"]
        ends = not is_active and "is_active" in self.changed_data
        if ends and (last := without_whom_no_owner(Membership.objects.filter(user=self.instance))):
            rooms = ", ".join(each.workspace.name for each in last)
            raise ValidationError(f"Nobody else owns {rooms}. Make somebody else an owner first.")
        return is_active


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    form = UserForm

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self.delete_queryset(request, User.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Their memberships go with them, and each workspace's trail says so."""
        ended = list(Membership.objects.filter(user__in=queryset).select_related("user", "workspace"))
        super().delete_queryset(request, queryset)
        for each in ended:
            was = {"role": each.role}
            record(
                Actor.of(request), AuditAction.MEMBER_REMOVED, workspace=each.workspace, target=each.user, before=was
            )


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin, BaseScheduleAdmin):
    """Schedules come from migrations; this shows when each ran last and whether it succeeded."""
