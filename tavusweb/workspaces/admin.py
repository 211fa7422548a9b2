from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tavusweb.read_only_admin import ReadOnlyAdmin, ReadOnlyInline

from .models import JoinDomain, Membership, Workspace


class MembershipInline(ReadOnlyInline):
    """List the members. Roles are changed on the membership's page, which ensures that the workspace keeps an owner."""

    model = Membership
    fields = readonly_fields = ("user", "role", "joined_at")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user", "workspace")


@admin.register(Workspace)
class WorkspaceAdmin(ReadOnlyAdmin):
    # Created and deleted by owners, on pages that ensure an owner and check for videos in production.
    allowed = ("change",)
    list_display = ["name", "slug", "member_count", "created_at"]
    search_fields = ["name", "slug"]
    date_hierarchy = "created_at"
    readonly_fields = ["created_at"]
    view_on_site = False  # only members can open it
    inlines = [MembershipInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Workspace]:
        rows: QuerySet[Workspace] = super().get_queryset(request)
        return rows.annotate(member_count=Count("memberships"))

    @admin.display(description=_("members"), ordering="member_count")
    def member_count(self, workspace: Workspace) -> int:
        return workspace.member_count  # type: ignore[attr-defined,no-any-return]


@admin.register(JoinDomain)
class JoinDomainAdmin(ReadOnlyAdmin):
    allowed = ("delete",)  # added by a member with a verified address there
    list_display = ["domain", "workspace", "added_by", "added_at"]
    list_select_related = ["workspace", "added_by"]
    search_fields = ["domain", "workspace__name"]
    readonly_fields = ["workspace", "domain", "added_by", "added_at"]
