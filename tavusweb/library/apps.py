from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class Library(AppConfig):
    name = "tavusweb.library"

    def ready(self) -> None:
        from . import search_index

        pre_migrate.connect(search_index.before_migrations, sender=self)
        post_migrate.connect(search_index.after_migrations, sender=self)
