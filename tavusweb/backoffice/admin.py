"""Admin of models whose own package cannot see all that they touch.

Users take workspace owners into account. django-q2's schedules are read-only: an editable one could call any function
of this server.
"""

from functools import partial

from django.contrib import admin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_q.admin import ScheduleAdmin as BaseScheduleAdmin
from django_q.models import Schedule

from tavusweb.accounts.admin import UserAdmin as BaseUserAdmin
from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.read_only_admin import ReadOnlyAdmin
from tavusweb.workspaces.models import Membership, without_whom_no_owner

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


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin, BaseScheduleAdmin):
    """Schedules come from migrations; this shows when each ran last and whether it succeeded."""
