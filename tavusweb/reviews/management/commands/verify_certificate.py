from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ...certificate_format import Unreadable, problems, read, read_keys
from ...models import Certificate, CertificateKey
from ...speaker import Proof


class Command(BaseCommand):
    help = (
        "Verify the certificate of an approval: 0 when it is genuine, else 1 with one line for each problem. Uses this "
        "instance’s keys, or with --keys a file as /.well-known/tavusweb-certificates.json serves it; then no database "
        "is needed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the certificate’s JSON file")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="public keys to use instead of this instance’s")

    def handle(self, *args: Any, file: Path, keys: Path | None = None, **options: Any) -> None:
        try:
            data = file.read_bytes()
            known = read_keys(keys.read_bytes()) if keys else CertificateKey.objects.public()
            found = problems(data, known)
        except OSError as error:
            found = [f"{error.filename} can’t be read: {error.strerror}."]
        except Unreadable as reason:
            found = [str(reason)]
        for line in found:
            self.stderr.write(line)
        if found:
            raise SystemExit(1)
        self._tell(read(data), is_here=keys is None)

    def _tell(self, fields: dict[str, Any], *, is_here: bool) -> None:
        by, video = fields["by"], fields["video"]
        who = " ".join(filter(None, (by["name"], f"<{by['email']}>" if by["email"] else ""))) or "Somebody"
        self.stdout.write(f"Genuine: {who} approved “{video['title']}” at {fields['at']}. {Proof(by['proof']).label}.")
        self.stdout.write(f"Take {video['take']}, fingerprint {video['fingerprint']}, key {fields['key']}.")
        kept = (
            Certificate.objects.filter(verdict=int(fields["id"])).select_related("verdict").first() if is_here else None
        )
        if kept and kept.verdict.withdrawn_at:
            self.stdout.write(f"The approval was taken back at {kept.verdict.withdrawn_at:%Y-%m-%dT%H:%M:%SZ}.")
