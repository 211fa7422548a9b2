from django.apps import AppConfig


class Workspaces(AppConfig):
    name = "tavusweb.workspaces"

    def ready(self) -> None:
        from . import sign_ins  # noqa: F401
