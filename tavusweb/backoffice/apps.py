from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class AdminSite(AdminConfig):
    """Django's admin behind the site's own sign-in."""

    default_site = "tavusweb.backoffice.admin_site.AdminSite"


class Backoffice(AppConfig):
    name = "tavusweb.backoffice"

    def ready(self) -> None:
        from . import key_rotation  # noqa: F401 - its check registers itself
