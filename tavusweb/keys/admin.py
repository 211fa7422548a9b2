from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tavusweb.audit.actor import Actor
from tavusweb.read_only_admin import ReadOnlyAdmin

from . import actions
from .models import APIKey, Replica


class APIKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    is_frozen = forms.BooleanField(label=_("frozen"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["is_frozen"] = self.instance.is_frozen
        is_current = self.instance.retired_at is None and self.instance.successor_id is None
        self.fields["is_frozen"].disabled = not is_current  # a replaced or deleted key never sends again


@admin.register(APIKey)
class APIKeyAdmin(ReadOnlyAdmin):
    """Read, freeze and limit keys. Secrets are entered on the workspace's own page and never shown here."""

    allowed = ("change",)
    form = APIKeyForm
    list_display = [
        "name",
        "tail",
        "workspace",
        "is_sandbox",
        "frozen_at",
        "health",
        "checked_at",
        "submissions_wait_until",
        "retired_at",
    ]
    list_filter = [
        "health",
        "is_sandbox",
        ("frozen_at", admin.EmptyFieldListFilter),
        ("retired_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["workspace"]
    search_fields = ["name", "last4", "workspace__name"]
    date_hierarchy = "created_at"
    fields = [
        ("name", "tail"),
        ("workspace", "created_by"),
        ("is_sandbox", "is_default"),
        ("is_frozen", "frozen_at", "frozen_by"),
        ("health", "failures"),
        "health_detail",
        ("worked_at", "failed_at", "failed_as"),
        "failed_detail",
        ("checked_at", "replicas_refresh_at", "replicas_read_at"),
        ("polls_wait_until", "submissions_wait_until"),
        ("max_slots", "requests_at_once", "learned_slots", "learned_at"),
        ("created_at", "replaced_at", "replaced_by"),
        ("retired_at", "successor"),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: APIKey | None = None) -> list[str]:
        flat = [name for row in self.fields or [] for name in ([row] if isinstance(row, str) else row)]
        return [name for name in flat if name not in {"is_frozen", "max_slots", "requests_at_once"}]

    def save_model(self, request: HttpRequest, obj: APIKey, form: "forms.ModelForm[APIKey]", change: bool) -> None:
        """Write only the changed columns: the worker updates the rest of the row continually."""
        obj.save(update_fields=[name for name in form.changed_data if name != "is_frozen"])
        if "is_frozen" in form.changed_data:
            if form.cleaned_data["is_frozen"]:
                actions.freeze(Actor.of(request), obj)
            else:
                actions.unfreeze(Actor.of(request), obj)

    @admin.display(description=_("API key"))
    def tail(self, key: APIKey) -> str:
        return f"…{key.last4}" if key.last4 else "…"


@admin.register(Replica)
class ReplicaAdmin(ReadOnlyAdmin):
    allowed = ("delete",)
    list_display = ["name", "replica_id", "kind", "status", "training_progress", "api_key", "seen_at"]
    list_filter = ["kind", "status"]
    list_select_related = ["api_key"]
    search_fields = ["name", "replica_id"]
    fields = readonly_fields = (
        "api_key",
        "replica_id",
        "name",
        "kind",
        "status",
        "training_progress",
        "is_usable",
        "error_message",
        "thumbnail_url",
        "image_url",
        "seen_at",
    )
