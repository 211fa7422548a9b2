from django.contrib import admin

from tavusweb.read_only_admin import ReadOnlyAdmin

from .models import ShareLink


@admin.register(ShareLink)
class ShareLinkAdmin(ReadOnlyAdmin):
    """Leaves out the token, which opens the page."""

    allowed = ("delete",)
    list_display = ["video", "workspace", "created_by", "created_at", "revoked_at", "revoked_by"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["video__workspace", "created_by", "revoked_by"]
    search_fields = ["video__title", "video__workspace__name", "created_by__email"]
    date_hierarchy = "created_at"
    fields = readonly_fields = ("video", "created_by", "created_at", "revoked_at", "revoked_by")

    @admin.display(ordering="video__workspace")
    def workspace(self, link: ShareLink) -> object:
        return link.video.workspace
