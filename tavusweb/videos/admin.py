from django.contrib import admin
from django.http import HttpRequest

from .models import AudioFile, Lease, Video, VideoEvent


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that only the program writes: a change by hand would break a promise to somebody."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class EventInline(admin.TabularInline):  # type: ignore[type-arg]
    model = VideoEvent
    fields = readonly_fields = ["at", "actor", "from_status", "to_status", "text", "said"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Video)
class VideoAdmin(ReadOnly):
    list_display = [
        "title",
        "workspace",
        "status",
        "wait",
        "progress",
        "remote_status",
        "api_key",
        "created_by",
        "created_at",
        "next_poll_at",
    ]
    list_filter = ["status", "wait", "remote_status", "failure_code", "created_at"]
    list_select_related = ["workspace", "api_key", "created_by"]
    search_fields = ["=id", "=tavus_id", "title", "workspace__name", "created_by__email"]
    date_hierarchy = "created_at"
    exclude = ["callback_secret"]
    show_full_result_count = False
    inlines = [EventInline]


@admin.register(VideoEvent)
class VideoEventAdmin(ReadOnly):
    list_display = ["at", "video", "actor", "from_status", "to_status", "text"]
    list_filter = ["to_status"]
    list_select_related = ["video", "actor"]
    search_fields = ["=video__id", "text", "said"]
    date_hierarchy = "at"
    show_full_result_count = False


@admin.register(AudioFile)
class AudioFileAdmin(ReadOnly):
    list_display = ["name", "workspace", "extension", "size", "seconds", "uploaded_by", "uploaded_at"]
    list_filter = ["extension"]
    list_select_related = ["workspace", "uploaded_by"]
    search_fields = ["name", "workspace__name"]


@admin.register(Lease)
class LeaseAdmin(ReadOnly):
    list_display = ["name", "renewed_at", "expires_at"]
