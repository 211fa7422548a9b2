"""docs/nginx.conf with a real nginx, where one is installed."""

import socket
import subprocess
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tavusweb.redaction import SECRET_IN_PATH
from tools.installed import find_nginx

TEMPLATE = Path(__file__).parents[1] / "docs" / "nginx.conf"
NGINX = find_nginx()

pytestmark = pytest.mark.skipif(not NGINX, reason="there is no nginx here")


class Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = self.headers.get("X-Forwarded-Proto", "").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Echo)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def proxy(web: int, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """`proxy("1")`: the URL of an nginx configured as the only proxy."""
    started: list[list[str]] = []

    def start(count: str) -> str:
        port = free_port()
        text = TEMPLATE.read_text().replace("${TRUSTED_PROXY_COUNT}", count).replace("web:8000", f"127.0.0.1:{web}")
        text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/var/log/nginx", str(tmp_path))
        temporary = " ".join(
            f"{name}_temp_path {tmp_path}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole = tmp_path / "whole.conf"
        whole.write_text(f"pid {tmp_path}/pid; events {{}} http {{ {temporary}\n{text} }}")
        command = [str(NGINX), "-p", str(tmp_path), "-e", f"{tmp_path}/start.log", "-c", str(whole)]
        subprocess.run(command, check=True, timeout=30)  # returns once nginx listens
        started.append(command)
        return f"http://127.0.0.1:{port}"

    yield start
    for command in started:
        subprocess.run([*command, "-s", "stop"], check=True, timeout=30)


def test_secret_urls_stay_out_of_the_nginx_log(proxy: Callable[[str], str], tmp_path: Path) -> None:
    here = proxy("1")
    doors = ["/s/", "/audio/", "/callbacks/", "/invitations/", "/account/password/reset/key/"]
    assert all(SECRET_IN_PATH.search(f"{door}told") for door in doors)

    for path in [*(f"{door}told/x" for door in doors), "/account/login/callback/?code=told", "/w/acme/videos/"]:
        httpx.get(here + path, headers={"Referer": f"{here}/s/told/"})
    httpx.get(here)  # log lines follow responses; this request's line comes after all of theirs

    log = (tmp_path / "access.log").read_text()
    assert "told" not in log
    assert log.count('"GET /') >= 7
    assert '"GET /s/..." 200' in log
    assert '"GET /w/acme/videos/" 200' in log


@pytest.mark.parametrize(("count", "believed"), [("1", "http"), ("2", "https")])
def test_https_is_believed_only_from_a_proxy_in_front(count: str, believed: str, proxy: Callable[[str], str]) -> None:
    assert httpx.get(proxy(count), headers={"X-Forwarded-Proto": "https"}).text == believed
