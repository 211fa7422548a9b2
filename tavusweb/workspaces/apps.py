from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class Workspaces(AppConfig):
    name = "tavusweb.workspaces"

    def ready(self) -> None:
        from . import guard, sign_ins  # noqa: F401

        pre_migrate.connect(guard.before_migrations, sender=self)
        post_migrate.connect(guard.put_up, sender=self)
