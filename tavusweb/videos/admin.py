from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tavusweb.read_only_admin import ReadOnlyAdmin, ReadOnlyInline

from .models import AudioFile, Video, VideoEvent
from .spec import VideoSpec

EVENT = ("at", "actor", "kind", "from_status", "to_status", "data", "provider_message")


class EventInline(ReadOnlyInline):
    model = VideoEvent
    fields = readonly_fields = EVENT

    def get_queryset(self, request: HttpRequest) -> QuerySet[VideoEvent]:
        return super().get_queryset(request).select_related("actor")


SPEC = ("id", "workspace", "created_by", "created_at", "replica_name", *VideoSpec.names())
STATE = (
    "status",
    "status_at",
    "wait",
    "wait_detail",
    "next_attempt_at",
    "attempt",
    "submission_name",
    "submitted_at",
    "progress",
    "expected_seconds",
    "finished_at",
    "failure_code",
    "wants_rename",
    "wants_delete",
)
REMOTE = (
    "tavus_id",
    "remote_status",
    "remote_details",
    "hosted_url",
    "download_url",
    "stream_url",
    "thumbnail_url",
    "gif_url",
    "remote_created_at",
    "remote_updated_at",
)
POLLING = ("next_poll_at", "polled_at", "poll_failures", "not_found_count", "watched_at", "lease", "lease_until")


@admin.register(Video)
class VideoAdmin(ReadOnlyAdmin):
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
    show_full_result_count = False
    inlines = [EventInline]
    # Leaves out the callback secret: anyone who can read it can have any video polled.
    readonly_fields = (*SPEC, *STATE, *REMOTE, *POLLING)
    fieldsets = [
        (None, {"fields": SPEC}),
        (_("Status"), {"fields": STATE}),
        (_("From Tavus"), {"fields": REMOTE}),
        (_("Polling"), {"fields": POLLING}),
    ]


@admin.register(VideoEvent)
class VideoEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "video", "actor", "kind", "from_status", "to_status"]
    list_filter = ["kind", "to_status"]
    list_select_related = ["video", "actor"]
    search_fields = ["=video__id", "provider_message"]
    fields = readonly_fields = ("video", *EVENT)
    date_hierarchy = "at"
    show_full_result_count = False


@admin.register(AudioFile)
class AudioFileAdmin(ReadOnlyAdmin):
    list_display = ["name", "workspace", "extension", "size", "seconds", "uploaded_by", "uploaded_at"]
    list_filter = ["extension"]
    list_select_related = ["workspace", "uploaded_by"]
    search_fields = ["name", "workspace__name"]
    fields = readonly_fields = ("name", "workspace", "extension", "size", "seconds", "uploaded_by", "uploaded_at")
