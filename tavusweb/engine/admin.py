from django.contrib import admin

from tavusweb.videos.admin import ReadOnly

from .models import Lease


@admin.register(Lease)
class LeaseAdmin(ReadOnly):
    list_display = ["name", "renewed_at", "expires_at"]
