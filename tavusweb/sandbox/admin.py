from django.contrib import admin

from tavusweb.read_only_admin import ReadOnlyAdmin
from tavusweb.sandbox.models import SandboxReplica, SandboxVideo


class StoredRowAdmin(ReadOnlyAdmin):
    allowed = ("delete",)  # changed through the API
    list_filter = ("erased", "created_at")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(SandboxVideo)
class SandboxVideoAdmin(StoredRowAdmin):
    list_display = ("video_id", "name", "created_at", "deleted_at", "erased")
    search_fields = ("video_id", "name")
    readonly_fields = (
        *("key_hash", "video_id", "name", "request", "size", "created_at", "deleted_at", "erased"),
        *("callback_due_at", "training_until", "replica_fails"),
    )


@admin.register(SandboxReplica)
class SandboxReplicaAdmin(StoredRowAdmin):
    list_display = ("replica_id", "name", "created_at", "deleted_at", "erased")
    search_fields = ("replica_id", "name")
    readonly_fields = (
        *("key_hash", "replica_id", "name", "request", "size", "created_at", "deleted_at", "erased"),
        "callback_due_at",
    )
