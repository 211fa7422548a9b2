from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from ...first_run import LOGIN_FILE, begin


class Command(BaseCommand):
    help = "Create the first owner, a demo workspace and a sandbox key, unless an account exists."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            begun = begin()
        except (ImproperlyConfigured, OSError) as error:
            raise CommandError(str(error)) from None
        login = settings.HOME / LOGIN_FILE
        if begun:
            owner, password = begun
            shown = "the one in OWNER_PASSWORD" if settings.OWNER_PASSWORD else password
            self.stdout.write(f"Sign in with\n  Email:    {owner.email}\n  Password: {shown}")
        if login.exists():
            self.stdout.write(f"The first login is in {login}.")
