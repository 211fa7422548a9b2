"""django-q2's admin, without the door through which a browser could have any function of this server run."""

from django.contrib import admin
from django.http import HttpRequest
from django_q.admin import ScheduleAdmin as BaseScheduleAdmin
from django_q.models import Schedule

admin.site.unregister(Schedule)


@admin.register(Schedule)
class ScheduleAdmin(BaseScheduleAdmin):
    """Schedules come from migrations; here one sees when each ran last and how that went."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
