"""A small OpenID Connect provider, as a process of its own: discovery, authorization code with PKCE, RS256, JWKS.

`with running() as provider:` starts it. Who signs in there, and what it does wrong, is said by `provider.tell(...)`.
"""

import base64
import hashlib
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET, KID = "tavusweb", "the-client-secret", "key-1"


@dataclass
class Provider:
    url: str
    browser: httpx.Client = field(default_factory=lambda: httpx.Client(verify=False))

    def tell(self, *, claims: dict[str, Any], faults: tuple[str, ...] = ()) -> None:
        """Who signs in next, and what is odd about it: any of the faults that are named below."""
        self.browser.post(f"{self.url}/tell", json={"claims": claims, "faults": faults}).raise_for_status()

    def sign_in(self, address: str) -> str:
        """What a person's browser does there: the address that it is sent back to."""
        answer = self.browser.get(address)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def asked(self) -> list[str]:
        """The paths that were asked for, in order."""
        paths: list[str] = self.browser.get(f"{self.url}/asked").json()
        return paths


@contextmanager
def running() -> Iterator[Provider]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.accounts.provider"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    try:
        assert process.stdout
        yield Provider(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


class Desk(BaseHTTPRequestHandler):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims: dict[str, Any] = {}
    faults: list[str] = []
    codes: dict[str, dict[str, str]] = {}
    asked: list[str] = []

    @property
    def issuer(self) -> str:
        return f"http://{self.headers['Host']}"

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        given = {name: values[0] for name, values in query.items()}
        if path != "/asked":
            self.asked.append(path)
        match path:
            case "/.well-known/openid-configuration":
                self.answer(
                    {
                        "issuer": self.issuer,
                        "authorization_endpoint": f"{self.issuer}/authorize",
                        "token_endpoint": f"{self.issuer}/token",
                        "userinfo_endpoint": f"{self.issuer}/userinfo",
                        "jwks_uri": f"{self.issuer}/jwks",
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    }
                    | ({"prompt_values_supported": ["none", "login"]} if "knows-prompts" in self.faults else {})
                )
            case "/authorize":
                self.authorize(given)
            case "/jwks":
                public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
                self.answer({"keys": [public | {"kid": KID, "alg": "RS256", "use": "sig"}]})
            case "/userinfo":
                subject = "somebody-else" if "other-user" in self.faults else self.claims["sub"]
                self.answer(self.claims | {"sub": subject})
            case "/asked":
                self.answer(self.asked)
            case _:
                self.answer({"error": "not_found"}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append(self.path)
        if self.path == "/tell":
            type(self).claims, type(self).faults = (orders := json.loads(body))["claims"], orders["faults"]
            self.asked.clear()
            self.answer({})
        elif self.path == "/token":
            self.token({name: values[0] for name, values in parse_qs(body).items()})

    def authorize(self, given: dict[str, str]) -> None:
        back = {"state": given["state"]}
        if "deny" in self.faults:
            back["error"] = "access_denied"
        elif given["client_id"] != CLIENT or given.get("code_challenge_method") != "S256":
            back["error"] = "invalid_request"
        else:
            back["code"] = secrets.token_urlsafe(16)
            self.codes[back["code"]] = given
        self.send_response(302)
        self.send_header("Location", f"{given['redirect_uri']}?{urlencode(back)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def token(self, given: dict[str, str]) -> None:
        asked = self.codes.pop(given.get("code", ""), None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_right = (
            asked
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == given["redirect_uri"]
            and (given["client_id"], given["client_secret"]) == (CLIENT, SECRET)
        )
        if not is_right:
            self.answer({"error": "invalid_grant"}, 400)
            return
        self.answer({"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": self.id_token()})

    def id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": "https://evil.example" if "issuer" in self.faults else self.issuer,
            "aud": "somebody-else" if "audience" in self.faults else CLIENT,
            "iat": now - 7200 if "expired" in self.faults else now,
            "exp": now - 3600 if "expired" in self.faults else now + 300,
            **self.claims,
        }
        if "none" in self.faults:
            return jwt.encode(claims, None, algorithm="none", headers={"kid": KID})
        if "hs256" in self.faults:
            return jwt.encode(claims, SECRET.ljust(32, "-"), algorithm="HS256", headers={"kid": KID})
        key = self.other_key if "bad-signature" in self.faults else self.key
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": KID})

    def answer(self, content: Any, status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
