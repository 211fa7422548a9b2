from django.contrib import admin
from django.http import HttpRequest

from tavusweb.sandbox.models import SandboxReplica, SandboxVideo


class KeptRowAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Read and delete only: a row is changed through the API."""

    list_filter = ("erased", "created_at")
    ordering = ("-id",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(SandboxVideo)
class SandboxVideoAdmin(KeptRowAdmin):
    list_display = ("video_id", "name", "created_at", "deleted_at", "erased")
    search_fields = ("video_id", "name")
    readonly_fields = (
        *("key_hash", "video_id", "name", "request", "size", "created_at", "deleted_at", "erased"),
        *("callback_due_at", "training_until", "replica_fails"),
    )


@admin.register(SandboxReplica)
class SandboxReplicaAdmin(KeptRowAdmin):
    list_display = ("replica_id", "name", "created_at", "deleted_at", "erased")
    search_fields = ("replica_id", "name")
    readonly_fields = (
        *("key_hash", "replica_id", "name", "request", "size", "created_at", "deleted_at", "erased"),
        "callback_due_at",
    )
