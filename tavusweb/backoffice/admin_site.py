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
from django.utils.translation import gettext_lazy as _

from tavusweb.accounts.models import User
from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.team.actions import Moved
from tavusweb.workspaces.models import LastOwner, Workspace

from .folded_search import FoldedSearch

View = Callable[..., HttpResponseBase]
GRANTS_ACCESS = {
    *("auth_user_password_change", "accounts_user_add", "accounts_user_change"),
    *("auth_group_add", "auth_group_change"),
}
LOGGED = "delete_selected"  # the one action that Django itself logs, row by row


class ShownLookupsOnly:
    """Refuse lookups on columns that are not shown: a filter would reveal any of them, letter by letter."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        name = lookup.partition("__")[0]
        return name in self._shown(request) and super().lookup_allowed(lookup, value, request)  # type: ignore[misc]

    def _shown(self, request: HttpRequest) -> set[str]:
        model_admin: Any = self
        filters = [each[0] if isinstance(each, tuple) else each for each in model_admin.get_list_filter(request)]
        fields = flatten_fieldsets(model_admin.get_fieldsets(request, model_admin.model()))
        return {"pk", *model_admin.get_list_display(request), *filters, *fields, model_admin.date_hierarchy}


class Recorded:
    """Record everything that the admin logs in the audit log too, with values."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        names = form.changed_data
        request.audited = (  # type: ignore[attr-defined]
            {name: form.initial.get(name) for name in names},
            {name: form.cleaned_data.get(name) for name in names},
        )
        return super().construct_change_message(request, form, formsets, add)  # type: ignore[misc]

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        _before, after = getattr(request, "audited", ({}, {}))
        _record(request, AuditAction.ADMIN_ADDED, obj, after=after)
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        before, after = getattr(request, "audited", ({}, {}))
        _record(request, AuditAction.ADMIN_CHANGED, obj, before=before, after=after)
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for obj in queryset:
            _record(request, AuditAction.ADMIN_DELETED, obj, before=_owner_of(obj))
        return super().log_deletions(request, queryset)  # type: ignore[misc]

    def get_actions(self, request: HttpRequest) -> Any:
        """Record the actions that Django does not log, before they run.

        Other packages' actions require no permission, so without this anyone with view permission gets them.
        """
        actions = super().get_actions(request)  # type: ignore[misc]
        may_change = self.has_change_permission(request)  # type: ignore[attr-defined]
        return {
            name: (act if name == LOGGED else self._recorded(act, words), name, words)
            for name, (act, _name, words) in actions.items()
            if may_change or hasattr(act, "allowed_permissions")
        }

    def _recorded(self, act: View, words: Any) -> View:
        title = str(words) % model_format_dict(self.opts)  # type: ignore[attr-defined]

        @wraps(act)
        def recorded(model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
            for obj in queryset:
                _record(request, AuditAction.ADMIN_CHANGED, obj, before=_owner_of(obj), after={"action": title})
            return act(model_admin, request, queryset)

        return recorded


class AdminSite(admin.AdminSite):
    site_header = site_title = "tavusweb"  # not translated: a name
    index_title = _("Back-office")
    login = method_decorator(secure_admin_login)(admin.AdminSite.login)

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        """Require a recent sign-in for everything except signing out: an action here can affect everyone."""
        act = _atomic(view)
        return super().admin_view(act if view == self.logout else _require_fresh(act), cacheable)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Redirect to the account page, which asks for a recent sign-in and records the change."""
        return redirect("account_change_password")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register every model, other packages' too, with a class that records and reveals no secret."""
        base = admin_class or admin.ModelAdmin
        super().register(
            model_or_iterable, type(base.__name__, (Recorded, ShownLookupsOnly, FoldedSearch, base), {}), **options
        )


def _require_fresh(view: View) -> View:
    """Ask for a recent sign-in before a POST; for passwords and permissions, before the form is shown."""
    to_act, to_look = fresh_sign_in()(view), fresh_sign_in(also_to_look=True)(view)

    @wraps(view)
    def fresh(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        match = request.resolver_match
        guarded = to_look if match and match.url_name in GRANTS_ACCESS else to_act
        return guarded(request, *args, **kwargs)

    return fresh


def _atomic(view: View) -> View:
    """Run a POST in one transaction, so that an action and its audit event are stored together or not at all."""

    @wraps(view)
    def atomic(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except (LastOwner, Moved, ProtectedError) as error:
            messages.error(request, _("Nothing was changed. %(reason)s") % {"reason": error.args[0]})
            return redirect(request.get_full_path())

    return atomic


def _record(request: HttpRequest, action: AuditAction, obj: models.Model, **values: Any) -> None:
    record(Actor.of(request), action, target=obj, workspace=_workspace_of(obj), **values)


def _workspace_of(obj: models.Model) -> Workspace | None:
    """The workspace that a row is, or belongs to directly or through its video or API key."""
    holders = (getattr(obj, name, None) for name in ("workspace", "video", "api_key"))
    workspaces = (holder if isinstance(holder, Workspace) else getattr(holder, "workspace", None) for holder in holders)
    workspace = obj if isinstance(obj, Workspace) else next(filter(None, workspaces), None)
    return workspace if isinstance(workspace, Workspace) else None


def _owner_of(obj: models.Model) -> dict[str, str]:
    """The person whose row this is, unless its own text names them."""
    person = getattr(obj, "user", None)
    if not isinstance(person, User) or str(person) in str(obj) or person.email in str(obj):
        return {}
    return {"user": person.email}
