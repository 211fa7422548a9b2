from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from tavusweb.read_only_admin import ReadOnlyAdmin

from .models import AuditChain


@admin.register(AuditChain)
class AuditChainAdmin(ReadOnlyAdmin):
    """The chain heads. Events are shown on the back-office page, which records the reading."""

    list_display = ["name", "workspace", "last_seq", "closed_seq", "closed_at", "events"]
    list_select_related = ["workspace"]
    search_fields = ["name"]
    fields = ("name", "workspace", "events", "last_seq", "last_hash", "closed_seq", "closed_hash", "closed_at")

    @admin.display(description=_("events"))
    def events(self, chain: AuditChain) -> str:
        query = "" if chain.is_instances else f"?chain={chain.pk}"
        return format_html('<a href="{}{}">Read</a>', reverse("backoffice_audit_log"), query)
