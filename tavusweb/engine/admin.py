from django.contrib import admin

from tavusweb.read_only_admin import ReadOnlyAdmin

from .models import Lease


@admin.register(Lease)
class LeaseAdmin(ReadOnlyAdmin):
    list_display = ["name", "renewed_at", "expires_at"]
