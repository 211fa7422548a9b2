from typing import Any

from django.contrib.auth.management.commands import changepassword

from ...command_line import recorded


class Command(changepassword.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        with recorded("changepassword"):
            return super().handle(*args, **options)
