from django.apps import AppConfig


class Workspaces(AppConfig):
    name = "tavusweb.workspaces"

    def ready(self) -> None:
        from . import receivers  # noqa: F401 - its receivers register themselves
