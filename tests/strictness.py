"""Rules for every response: required headers and forbidden inline code. `faults(answer)` lists violations."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponseBase

# Every directive and what it allows besides our own origin. Images and videos come from the provider's storage,
# players from its pages.
# The provider's images and API (nonexistent in these tests).
MEDIA = {
    "https://cdn.replica.tavus.io",
    "https://image.mux.com",
    "https://stream.mux.com",
    "https://tavusapi.com",
    "http://127.0.0.1:9",
}
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "manifest-src": {"'self'"},
    "form-action": {"'self'", "'none'"},
    "base-uri": {"'none'"},
    "img-src": {"'self'", "data:", *MEDIA, "HOSTED"},
    "media-src": {"'self'", *MEDIA, "HOSTED"},
    "frame-src": {"'self'", "HOSTED"},
}
HOSTED = {"https://tavus.video", "https://videos.tavus.io"}
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "xlink:href", "hx-get", "hx-post"}
HEADERS = {
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Cross-Origin-Resource-Policy": {"same-origin"},
    "X-Content-Type-Options": {"nosniff"},
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "Permissions-Policy": {"camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
}


def faults(answer: HttpResponseBase | Any, *, framed_by: str = "'none'") -> list[str]:
    wrong = [
        f"{name}: {answer.headers.get(name)}"
        for name, allowed in HEADERS.items()
        if answer.headers.get(name) not in allowed
    ]
    if answer.headers.get("X-Frame-Options") != {"'none'": "DENY", "'self'": "SAMEORIGIN"}.get(framed_by):
        wrong.append(f"X-Frame-Options: {answer.headers.get('X-Frame-Options')}")
    wrong += _faults_of_policy(answer.headers.get("Content-Security-Policy", ""), framed_by)
    if "html" in answer.headers.get("Content-Type", ""):
        wrong += Inline(answer.content.decode()).found
    return wrong


def _faults_of_policy(header: str, framed_by: str) -> list[str]:
    policy = {name: set(allowed) for name, *allowed in (part.split() for part in header.split(";") if part.strip())}
    expected = POLICY | {"frame-ancestors": {framed_by}}
    return [
        f"{name}: {policy.get(name)}"
        for name, allowed in expected.items()
        if not policy.get(name) or policy[name] - allowed - (HOSTED if "HOSTED" in allowed else set())
    ] + [f"{name} is not expected" for name in policy.keys() - expected.keys()]


class Inline(HTMLParser):
    """Find inline code that the policy forbids, so browsers would not run it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.in_script = tag == "script" and given.get("type") != "application/json"
        if tag == "style":
            self.found.append("<style>")
        self.found += [
            f"<{tag} {name}={value!r}>"
            for name, value in given.items()
            if name == "style"
            or name.startswith(("on", "hx-on"))
            or (name in ADDRESSES and value.strip().lower().startswith("javascript:"))
        ]

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.in_script and data.strip():
            self.found.append(f"<script> with {data.strip()[:40]!r}")
