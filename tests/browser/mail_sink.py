"""A mail server for a test: SMTP over TLS, keeping what is sent."""

import ipaddress
import queue
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "127.0.0.1"


class MailSink:
    """`environment` points a site's mail here."""

    def __init__(self, port: int, certificate: Path) -> None:
        self.environment = {"EMAIL_URL": f"smtps://{HOST}:{port}", "SSL_CERT_FILE": str(certificate)}
        self._mails: queue.Queue[EmailMessage] = queue.Queue()

    def keep(self, mail: bytes) -> None:
        self._mails.put(message_from_bytes(mail, policy=policy.default))  # type: ignore[arg-type]

    def all(self) -> list[EmailMessage]:
        """What has arrived, without taking it."""
        return list(self._mails.queue)

    def next(self) -> EmailMessage:
        return self._mails.get(timeout=15)


@contextmanager
def mail_sink(folder: Path) -> Iterator[MailSink]:
    certificate = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    class Conversation(socketserver.StreamRequestHandler):
        def setup(self) -> None:
            self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def handle(self) -> None:
            self._say(b"220 sink")
            while line := self.rfile.readline():
                match line[:4].upper():
                    case b"DATA":
                        self._say(b"354 go on")
                        sink.keep(b"".join(iter(self.rfile.readline, b".\r\n")))
                        self._say(b"250 kept")
                    case b"QUIT":
                        self._say(b"221 bye")
                        break
                    case _:
                        self._say(b"250 ok")

        def _say(self, line: bytes) -> None:
            self.wfile.write(line + b"\r\n")

    with socketserver.ThreadingTCPServer((HOST, 0), Conversation) as server:
        sink = MailSink(server.server_address[1], certificate)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield sink
        server.shutdown()


def _certificate(folder: Path) -> Path:
    """Create a key and a self-signed certificate in one file, which is also the trusted authority."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    builder: Any = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1).not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
    made = builder.add_extension(names, critical=True).sign(key, hashes.SHA256())
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = folder / "mail.pem"
    pem = key.private_bytes(serialization.Encoding.PEM, *form) + made.public_bytes(serialization.Encoding.PEM)
    path.write_bytes(pem)
    return path
