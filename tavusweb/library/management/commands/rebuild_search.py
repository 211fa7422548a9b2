from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from ...models import SearchEntry
from ...search_index import rebuild


class Command(BaseCommand):
    help = (
        "Build the library's search index anew, from titles, scripts, replicas and comments. It is kept up to date "
        "by itself; this is for an index that was damaged, or after Python's Unicode tables have changed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            rebuild()
        self.stdout.write(f"{SearchEntry.objects.count()} videos indexed.")
