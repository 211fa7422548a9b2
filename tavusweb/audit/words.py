"""The words of an event's data. Events store kinds, so that each reader gets them in their own language."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# Other names, such as fields changed in the admin, are shown as they are stored.
NAMES: "Mapping[str, StrPromise]" = {
    "action": gettext_lazy("action"),
    "added": gettext_lazy("added"),
    "address": gettext_lazy("address"),
    "because": gettext_lazy("reason"),
    "by": gettext_lazy("method"),
    "changed": gettext_lazy("changed"),
    "email": gettext_lazy("email"),
    "form": gettext_lazy("format"),
    "is_locked": gettext_lazy("password protected"),
    "is_sandbox": gettext_lazy("sandbox"),
    "is_superuser": gettext_lazy("superuser"),
    "key": gettext_lazy("API key"),
    "language": gettext_lazy("language"),
    "mail_off": gettext_lazy("emails turned off"),
    "name": gettext_lazy("name"),
    "people_may_join_at": gettext_lazy("domain access"),
    "removed": gettext_lazy("removed"),
    "removed_other_addresses": gettext_lazy("other addresses removed"),
    "removed_provider_accounts": gettext_lazy("connected accounts removed"),
    "removed_second_factors": gettext_lazy("second factors removed"),
    "role": gettext_lazy("role"),
    "rows": gettext_lazy("rows"),
    "shown": gettext_lazy("page shown"),
    "status": gettext_lazy("status"),
    "take": gettext_lazy("take"),
    "takes": gettext_lazy("takes"),
    "time_zone": gettext_lazy("time zone"),
    "title": gettext_lazy("title"),
    "until": gettext_lazy("expires"),
    "user": gettext_lazy("account"),
    "verified": gettext_lazy("verified address"),
    "with": gettext_lazy("new key"),
    "with_an_address_at": gettext_lazy("verified address at"),
    "works_for_days": gettext_lazy("link expires after days"),
}
WAYS_IN: "Mapping[str, StrPromise]" = {
    "code": gettext_lazy("code"),
    "email_code": gettext_lazy("code by email"),
    "first_start": gettext_lazy("first start"),
    "new_account": gettext_lazy("new account"),
    "password": gettext_lazy("password"),
    "password_reset": gettext_lazy("password reset"),
    "recovery_codes": gettext_lazy("recovery code"),
    "second_factor": gettext_lazy("second factor"),
    "single_sign_on": gettext_lazy("single sign-on"),
    "totp": gettext_lazy("authenticator app"),
    "unknown": gettext_lazy("unknown"),
    "webauthn": gettext_lazy("passkey"),
}
VALUES: "Mapping[str, Mapping[str, StrPromise]]" = {
    "added": WAYS_IN,
    "because": {"first_proof": gettext_lazy("the address was verified for the first time")},
    "by": WAYS_IN,
    "changed": {"sign_in": gettext_lazy("password")},
    "removed": WAYS_IN,
    "role": {
        "owner": gettext_lazy("owner"),
        "admin": gettext_lazy("admin"),
        "editor": gettext_lazy("editor"),
        "reviewer": gettext_lazy("reviewer"),
        "viewer": gettext_lazy("viewer"),
    },
}


def name_in_words(name: str) -> str:
    return str(NAMES.get(name) or name.replace("_", " "))


def value_in_words(name: str, value: Any) -> str:
    match value:
        case True:
            return _("yes")
        case False:
            return _("no")
        case None | "" | []:
            return _("none")
        case list():
            return ", ".join(value_in_words(name, each) for each in value)
    return str(VALUES.get(name, {}).get(str(value), value))
