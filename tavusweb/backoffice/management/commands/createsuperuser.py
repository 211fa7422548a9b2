from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from ...command_line import recorded


class Command(createsuperuser.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        with recorded("createsuperuser"):
            return super().handle(*args, **options)
