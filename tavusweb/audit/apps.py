from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class Audit(AppConfig):
    name = "tavusweb.audit"

    def ready(self) -> None:
        from . import triggers

        pre_migrate.connect(triggers.before_migrations, sender=self)
        post_migrate.connect(triggers.put_up, sender=self)
