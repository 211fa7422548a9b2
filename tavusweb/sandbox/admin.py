from django.contrib import admin
from django.http import HttpRequest

from tavusweb.sandbox.models import SandboxVideo


@admin.register(SandboxVideo)
class SandboxVideoAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("video_id", "name", "created_at", "deleted_at", "erased")
    list_filter = ("erased", "created_at")
    search_fields = ("video_id", "name")
    readonly_fields = ("key_hash", "video_id", "name", "request", "created_at", "deleted_at", "erased")
    ordering = ("-id",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
