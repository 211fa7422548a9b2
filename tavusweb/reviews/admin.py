from django.contrib import admin

from tavusweb.read_only_admin import ReadOnlyAdmin

from .models import Comment, Verdict, Vote


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    allowed = ("delete",)
    list_display = ["body", "video", "name", "proof", "created_at", "deleted_at"]
    list_filter = ["proof", ("deleted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["video"]
    search_fields = ["body", "name", "email", "video__title"]
    date_hierarchy = "created_at"
    fields = readonly_fields = (
        "video",
        "link_name",
        "user",
        "name",
        "email",
        "proof",
        "body",
        "at_seconds",
        "quote",
        "created_at",
        "edited_at",
        "deleted_at",
        "resolved_at",
        "resolved_by",
    )


@admin.register(Verdict)
class VerdictAdmin(ReadOnlyAdmin):
    list_display = ["video", "kind", "name", "proof", "created_at", "withdrawn_at"]
    list_filter = ["kind", "proof"]
    list_select_related = ["video"]
    search_fields = ["name", "email", "reason", "video__title"]
    date_hierarchy = "created_at"
    fields = readonly_fields = (
        "video",
        "link_name",
        "user",
        "name",
        "email",
        "proof",
        "kind",
        "reason",
        "fingerprint",
        "created_at",
        "withdrawn_at",
    )


@admin.register(Vote)
class VoteAdmin(ReadOnlyAdmin):
    list_display = ["video", "link_name", "name", "proof", "created_at"]
    list_filter = ["proof"]
    list_select_related = ["video"]
    search_fields = ["name", "email", "video__title"]
    date_hierarchy = "created_at"
    fields = readonly_fields = ("video", "link_name", "user", "name", "email", "proof", "created_at")
