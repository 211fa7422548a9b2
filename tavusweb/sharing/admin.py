from django.contrib import admin
from django.http import HttpRequest

from .models import ShareLink


@admin.register(ShareLink)
class ShareLinkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Without the token: whoever reads it here could open the page."""

    list_display = ["video", "workspace", "created_by", "created_at", "revoked_at", "revoked_by"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["video__workspace", "created_by", "revoked_by"]
    search_fields = ["video__title", "video__workspace__name", "created_by__email"]
    date_hierarchy = "created_at"
    view_on_site = False
    fields = readonly_fields = ("video", "created_by", "created_at", "revoked_at", "revoked_by")

    @admin.display(ordering="video__workspace")
    def workspace(self, link: ShareLink) -> object:
        return link.video.workspace

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ShareLink | None = None) -> bool:
        return False
