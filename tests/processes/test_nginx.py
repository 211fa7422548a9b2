"""The site behind a real nginx with docs/nginx.conf, over TLS and with visitors from different addresses."""

import base64
import datetime as dt
import http.client
import io
import os
import re
import secrets
import sqlite3
import ssl
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tavusweb.data_folder import PROJECT
from tests.launch.marked import MARK
from tests.services import free_port
from tests.test_redaction import SECRET_PATHS
from tools.installed import find_nginx

pytestmark = pytest.mark.skipif(find_nginx() is None, reason="needs nginx")

UP = 60.0  # seconds in which even a slow machine has everything running
VISITOR = "127.0.0.77"
OWNER, PASSWORD = "maria@example.com", "a-long-password-7"


@dataclass
class Site:
    home: Path
    plain_port: int
    tls_port: int
    trust: ssl.SSLContext

    @property
    def url(self) -> str:
        return f"https://localhost:{self.tls_port}"

    def visit(self, *, address: str = VISITOR) -> httpx.Client:
        """Open a browser with this client address."""
        transport = httpx.HTTPTransport(verify=self.trust, local_address=address)
        return httpx.Client(transport=transport, base_url=self.url, headers={"Referer": f"{self.url}/"}, timeout=30)

    def sign_in(self, **headers: str) -> httpx.Client:
        visitor = self.visit()
        token = token_in(visitor.get("/account/login/"))
        fields = {"login": OWNER, "password": PASSWORD, "csrfmiddlewaretoken": token}
        answer = visitor.post("/account/login/", data=fields, headers=headers)
        assert answer.status_code == 302, answer.text
        return visitor

    def audit_events(self) -> list[tuple[str, str]]:
        with sqlite3.connect(f"file:{self.home}/tavusweb.sqlite3?mode=ro", uri=True) as connection:
            return connection.execute("SELECT action, address FROM audit_auditevent ORDER BY id").fetchall()

    def logged(self) -> str:
        return "".join(path.read_text() for path in sorted(self.home.glob("*.log")))


def token_in(page: httpx.Response) -> str:
    match = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert match, page.text
    return match[1]


def certify(folder: Path) -> ssl.SSLContext:
    """Create a certificate for this machine; return the SSL context of a browser that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(private)
    return ssl.create_default_context(cafile=str(folder / "fullchain.pem"))


def configured(site: Site, web_port: int) -> Path:
    """Return docs/nginx.conf with its TLS lines enabled and this test's paths."""
    text = (PROJECT / "docs" / "nginx.conf").read_text()
    for was, put in {
        "    # listen 443 ssl;": f"    listen 127.0.0.1:{site.tls_port} ssl;",
        "    # ssl_certificate": "    ssl_certificate",
        "listen 80;": f"listen 127.0.0.1:{site.plain_port};",
        "${TRUSTED_PROXY_COUNT}": "1",
        "web_server web:8000;": f"web_server 127.0.0.1:{web_port};",
        "/etc/nginx/tls": str(site.home),
        "/var/log/nginx": str(site.home),
    }.items():
        assert was in text
        text = text.replace(was, put)
    (site.home / "site.conf").write_text(text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {site.home}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    main = site.home / "nginx.conf"
    main.write_text(
        f"{user} daemon off; pid {site.home}/nginx.pid; worker_processes 1; events {{}}\n"
        f"http {{ {temporary} include {site.home}/site.conf; }}\n"
    )
    return main


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("behind-nginx")
    site = Site(home, free_port(), free_port(), certify(home))
    web_port = free_port()
    env = {name: value for name, value in os.environ.items() if name not in {"TAVUS_API_URL", "DEBUG"}} | {
        "TAVUSWEB_HOME": str(home),
        "SITE_URL": site.url,
        "TRUSTED_PROXY_COUNT": "1",
        "SANDBOX": "1",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "OWNER_EMAIL": OWNER,
        "OWNER_PASSWORD": PASSWORD,
        MARK: secrets.token_hex(8),
    }
    subprocess.run([sys.executable, "-m", "tavusweb.launch.upgrade"], cwd=PROJECT, env=env, check=True)
    gunicorn = ["-m", "gunicorn", "--config", "python:tavusweb.launch.gunicorn_conf", "--bind", f"127.0.0.1:{web_port}"]
    nginx = [str(find_nginx()), "-p", str(home), "-e", str(home / "start.log"), "-c", str(configured(site, web_port))]
    with (home / "output.log").open("ab") as log:
        processes = [
            subprocess.Popen(command, cwd=PROJECT, env=env, stdout=log, stderr=log)
            for command in ([sys.executable, *gunicorn], nginx)
        ]
        try:
            yield site
        finally:
            for process in processes:
                process.terminate()
            codes = [process.wait(timeout=30) for process in processes]
    assert codes == [0, 0], site.logged()


@pytest.fixture(autouse=True)
def is_up(site: Site, until: Callable[..., None]) -> None:
    def answers() -> bool:
        try:
            return site.visit().get("/healthz").status_code == 200
        except httpx.TransportError:
            return False

    until(answers, within=UP)


def test_pages_have_hsts_and_secure_cookies(site: Site) -> None:
    visitor = site.visit()

    page = visitor.get("/account/login/")
    answer = site.sign_in().get("/account/")

    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert page.headers["Set-Cookie"].startswith("csrftoken=")
    assert "Secure" in page.headers["Set-Cookie"]
    assert "HttpOnly" in page.headers["Set-Cookie"]
    assert "nginx/" not in page.headers["Server"]


def test_plain_http_redirects_to_https(site: Site) -> None:
    answer = httpx.get(f"http://localhost:{site.plain_port}/account/login/")

    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("https://localhost")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "claimed",
    [
        {},
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"},
        {"X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X-Forwarded-Host": "evil.example"},
    ],
    ids=["nothing", "one hop", "two hops", "other headers"],
)
def test_audit_log_records_the_real_address_despite_forged_headers(claimed: dict[str, str], site: Site) -> None:
    site.sign_in(**claimed)

    assert site.audit_events()[-1] == ("signed_in", VISITOR)


def test_visitor_over_tls_cannot_claim_plain_http(site: Site) -> None:
    answer = site.visit().get("/account/login/", headers={"X-Forwarded-Proto": "http"})

    assert answer.status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"])
def test_unknown_host_name_is_refused(host: str, site: Site) -> None:
    assert site.visit().get("/account/login/", headers={"Host": host}).status_code == 400


def test_recording_of_several_megabytes_can_be_uploaded(site: Site) -> None:
    visitor = site.sign_in()
    home = visitor.get("/", follow_redirects=True)
    new = re.search(r'href="(/w/[\w-]+/videos/new/)"', home.text)
    assert new, home.text
    recording = io.BytesIO()
    with wave.open(recording, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(16_000)
        written.writeframes(bytes(2 * 16_000 * 100))
    page = visitor.get(new[1])

    fields = {"intent": "draft", "title": "Spoken", "csrfmiddlewaretoken": token_in(page)}
    answer = visitor.post(new[1], data=fields, files={"audio_file": ("a.wav", recording.getvalue(), "audio/wav")})

    assert answer.status_code == 302, answer.text
    stored = [path for path in (site.home / "uploads").rglob("*.wav") if path.stat().st_size > 3_000_000]
    assert len(stored) == 1
    assert "Spoken" in visitor.get(answer.headers["Location"]).text


def test_oversized_upload_is_refused_before_it_is_sent(site: Site) -> None:
    connection = http.client.HTTPSConnection("localhost", site.tls_port, context=site.trust, timeout=30)
    connection.putrequest("POST", "/w/any/videos/new/")
    connection.putheader("Content-Length", str(801 * 1024 * 1024))
    connection.endheaders()

    assert connection.getresponse().status == 413
    connection.close()


def test_no_log_contains_a_secret_url(site: Site, until: Callable[..., None]) -> None:
    visitor = site.visit()
    for path in SECRET_PATHS:
        visitor.get(path)
        visitor.get(f"{path}?next=tok3n")
    visitor.get("/account/login/?next=/s/tok3n/")
    visitor.get("/nowhere/at-all/")
    until(lambda: '"GET /nowhere/at-all/" 404' in site.logged())  # log lines follow their responses

    logged = site.logged()
    assert "tok3n" not in logged
    assert f"{VISITOR} " in logged
    assert '"GET /s/..." 404' in logged
