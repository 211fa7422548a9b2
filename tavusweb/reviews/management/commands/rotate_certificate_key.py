from typing import Any

from django.core.management.base import BaseCommand

from tavusweb.audit.actor import Actor

from ... import actions


class Command(BaseCommand):
    help = (
        "Sign certificates with a new key from now on. Certificates of the old key stay valid: its public half is kept."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        key = actions.rotate_certificate_key(Actor.system("command line"))
        self.stdout.write(f"Certificates are signed with the key {key} from now on.")
