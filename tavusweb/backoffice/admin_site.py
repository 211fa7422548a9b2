from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, model_format_dict
from django.db import models, transaction
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from tavusweb.accounts.models import User
from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.models import LastOwner, Workspace

View = Callable[..., HttpResponseBase]
OPENS_DOORS = {
    *("auth_user_password_change", "accounts_user_add", "accounts_user_change"),
    *("auth_group_add", "auth_group_change"),
}
LOGGED = "delete_selected"  # the one action that Django itself logs, row by row


class Discreet:
    """Lets nobody ask for what is not shown: filters would tell any column, letter by letter."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        asked = lookup.partition("__")[0]
        return asked in self._shown(request) and super().lookup_allowed(lookup, value, request)  # type: ignore[misc]

    def _shown(self, request: HttpRequest) -> set[str]:
        asking: Any = self
        filters = [each[0] if isinstance(each, tuple) else each for each in asking.get_list_filter(request)]
        fields = flatten_fieldsets(asking.get_fieldsets(request, asking.model()))
        return {"pk", *asking.get_list_display(request), *filters, *fields, asking.date_hierarchy}


class Recorded:
    """Writes what the admin logs into the audit trail too, with values."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        names = form.changed_data
        request.audited = (  # type: ignore[attr-defined]
            {name: form.initial.get(name) for name in names},
            {name: form.cleaned_data.get(name) for name in names},
        )
        return super().construct_change_message(request, form, formsets, add)  # type: ignore[misc]

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        _, after = getattr(request, "audited", ({}, {}))
        _record(request, AuditAction.ADMIN_ADDED, obj, after=after)
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        before, after = getattr(request, "audited", ({}, {}))
        _record(request, AuditAction.ADMIN_CHANGED, obj, before=before, after=after)
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for obj in queryset:
            _record(request, AuditAction.ADMIN_DELETED, obj, before=_whose(obj))
        return super().log_deletions(request, queryset)  # type: ignore[misc]

    def get_actions(self, request: HttpRequest) -> Any:
        """What nobody logs is written down here, before it is done.

        Other packages' actions ask for no permission: they would be offered to whoever may look.
        """
        found = super().get_actions(request)  # type: ignore[misc]
        may_change = self.has_change_permission(request)  # type: ignore[attr-defined]
        return {
            name: (act if name == LOGGED else self._noted(act, words), name, words)
            for name, (act, _, words) in found.items()
            if may_change or hasattr(act, "allowed_permissions")
        }

    def _noted(self, act: View, words: Any) -> View:
        said = str(words) % model_format_dict(self.opts)  # type: ignore[attr-defined]

        @wraps(act)
        def noted(model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
            for obj in queryset:
                _record(request, AuditAction.ADMIN_CHANGED, obj, before=_whose(obj), after={"action": said})
            return act(model_admin, request, queryset)

        return noted


class AdminSite(admin.AdminSite):
    site_header = site_title = "tavusweb"
    index_title = "Back-office"
    login = method_decorator(secure_admin_login)(admin.AdminSite.login)

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        """Whoever acts here acts on everybody: a session that is not fresh is asked again, except to end it."""
        act = _whole(view)
        return super().admin_view(act if view == self.logout else _fresh(act), cacheable)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """One's own password has one page, which asks who is there and writes down that it was changed."""
        return redirect("account_change_password")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Every model, also of other packages, is administered by a class that records and tells no secret."""
        base = admin_class or admin.ModelAdmin
        super().register(model_or_iterable, type(base.__name__, (Recorded, Discreet, base), {}), **options)


def _fresh(view: View) -> View:
    """Asked before anything is posted; where passwords and permissions are typed, before the form is shown."""
    to_act, to_look = fresh_sign_in()(view), fresh_sign_in(also_to_look=True)(view)

    @wraps(view)
    def fresh(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = request.resolver_match
        guarded = to_look if found and found.url_name in OPENS_DOORS else to_act
        return guarded(request, *args, **kwargs)

    return fresh


def _whole(view: View) -> View:
    """What is posted is done and written down together, or neither: also when it is refused half-way."""

    @wraps(view)
    def whole(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except (LastOwner, ProtectedError) as refused:
            messages.error(request, f"Nothing was done. {refused.args[0]}")
            return redirect(request.get_full_path())

    return whole


def _record(request: HttpRequest, action: AuditAction, obj: models.Model, **values: Any) -> None:
    record(Actor.of(request), action, target=obj, workspace=_room_of(obj), **values)


def _room_of(obj: models.Model) -> Workspace | None:
    """The workspace that a row belongs to, itself or by what it belongs to."""
    holders = (getattr(obj, name, None) for name in ("workspace", "video", "api_key"))
    rooms = (holder if isinstance(holder, Workspace) else getattr(holder, "workspace", None) for holder in holders)
    found = obj if isinstance(obj, Workspace) else next(filter(None, rooms), None)
    return found if isinstance(found, Workspace) else None


def _whose(obj: models.Model) -> dict[str, str]:
    """Whose it is, when its own words do not say so."""
    person = getattr(obj, "user", None)
    if not isinstance(person, User) or str(person) in str(obj) or person.email in str(obj):
        return {}
    return {"user": person.email}
