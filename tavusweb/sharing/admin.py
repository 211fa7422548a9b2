from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from tavusweb.read_only_admin import ReadOnlyAdmin

from .models import LinkTake, OfferedTake, Report, ShareLink, Visit


@admin.register(ShareLink)
class ShareLinkAdmin(ReadOnlyAdmin):
    """Leaves out the token, which opens the page."""

    allowed = ("delete",)
    list_display = ["video", "workspace", "name", "created_by", "created_at", "expires_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter), "email_rule", "comments", "approval"]
    list_select_related = ["video__workspace", "created_by"]
    search_fields = ["name", "video__title", "video__workspace__name", "created_by__email"]
    date_hierarchy = "created_at"
    fields = readonly_fields = (
        "video",
        "name",
        "created_by",
        "created_at",
        "expires_at",
        "view_limit",
        "views_used",
        "email_rule",
        "comments",
        "approval",
        "allow_download",
        "revoked_at",
        "revoked_by",
        "closed_at",
        "closed_reason",
        "review",
    )

    @admin.display(ordering="video__workspace")
    def workspace(self, link: ShareLink) -> object:
        return link.video.workspace

    @admin.display(description=_("review"))
    def review(self, link: ShareLink) -> str:
        return _review(link.pk)


@admin.register(Visit)
class VisitAdmin(ReadOnlyAdmin):
    list_display = ["link", "at", "is_machine", "is_member", "played_at", "furthest"]
    list_filter = ["is_machine", "is_member"]
    list_select_related = ["link__video"]
    search_fields = ["link__name", "link__video__title"]
    date_hierarchy = "at"
    fields = readonly_fields = (
        "link",
        "at",
        "is_machine",
        "is_member",
        "played_at",
        "furthest",
        "clicked_at",
        "downloaded_at",
    )


@admin.register(LinkTake)
class LinkTakeAdmin(ReadOnlyAdmin):
    list_display = ["video", "link", "since", "until", "by"]
    list_select_related = ["video", "link__video", "by"]
    search_fields = ["video__title", "link__name"]
    date_hierarchy = "at"
    fields = readonly_fields = ("link", "video", "since", "until", "by", "at")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """Reports from strangers. The page that `review` links to can close the share link."""

    allowed = ("delete",)
    list_display = ["created_at", "reason", "link", "workspace", "review", "handled_at"]
    list_filter = [("handled_at", admin.EmptyFieldListFilter), "reason"]
    list_select_related = ["link__video__workspace"]
    search_fields = ["details", "email", "link__video__workspace__name"]
    date_hierarchy = "created_at"
    fields = readonly_fields = (
        *("link", "workspace", "reason", "details", "email", "created_at"),
        *("handled_at", "handled_by", "review"),
    )

    def workspace(self, report: Report) -> object:
        return report.link.video.workspace

    @admin.display(description=_("review"))
    def review(self, report: Report) -> str:
        return _review(report.link_id)


def _review(link_pk: int) -> str:
    return format_html('<a href="{}">{}</a>', reverse("backoffice_link", args=[link_pk]), _("Review"))


@admin.register(OfferedTake)
class OfferedTakeAdmin(ReadOnlyAdmin):
    list_display = ["video", "link", "position"]
    list_select_related = ["video", "link__video"]
    search_fields = ["video__title", "link__name"]
    fields = readonly_fields = ("link", "video", "position")
