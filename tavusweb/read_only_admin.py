"""Admin classes for rows that the application writes, with the few fields that people may change."""

from collections.abc import Collection
from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class _Limited:
    """Deny everything not in `allowed`; Django's permissions decide about the rest."""

    allowed: Collection[str] = ()  # of "add", "change" and "delete"

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return "add" in self.allowed and super().has_add_permission(request, *args)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "change" in self.allowed and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "delete" in self.allowed and super().has_delete_permission(request, obj)  # type: ignore[misc]


class ReadOnlyAdmin(_Limited, admin.ModelAdmin):  # type: ignore[type-arg]
    view_on_site = False


class ReadOnlyInline(_Limited, admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    can_delete = False
