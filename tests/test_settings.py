"""Settings from the environment: what is required, how it is read, and how errors are reported."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GOOD = {
    "SECRET_KEY": "for-tests-only-" + "0123456789abcdef" * 3,
    "FIELD_KEYS": base64.urlsafe_b64encode(bytes(32)).decode(),
}
READ = "import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {names!r}]))"

Start = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """`start(code, **environment)`: run Python code in a fresh process with only this environment."""

    def run(code: str, **given: str) -> "subprocess.CompletedProcess[str]":
        environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "tavusweb.settings"}
        environment |= {"TAVUSWEB_HOME": str(tmp_path / "home")} | given
        return subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
        )

    return run


@pytest.fixture
def read(start: Start) -> Callable[..., list[object]]:
    def read(*names: str, **given: str) -> list[object]:
        done = start(READ.format(names=names), **GOOD | given)
        assert done.returncode == 0, done.stderr
        values: list[object] = json.loads(done.stdout)
        return values

    return read


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS"])
def test_start_without_secrets_is_refused(name: str, start: Start) -> None:
    done = start(READ.format(names=["DEBUG"]), **{each: GOOD[each] for each in GOOD if each != name})

    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr


def test_unwritable_data_folder_is_named(start: Start, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = start(READ.format(names=["DEBUG"]), **GOOD, TAVUSWEB_HOME=str(tmp_path / "file" / "home"))

    assert done.returncode != 0
    assert "cannot be written" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("PORT", "eighty", "PORT"),
        ("PORT", "70000", "PORT"),
        ("SITE_URL", "videos.example.com", "SITE_URL"),
        ("SITE_URL", "ftp://videos.example.com", "SITE_URL"),
        ("SITE_URL", "https://videos.example.com/portal", "SITE_URL has a path"),
        ("SITE_URL", "https://videos.example.com/portal/", "SITE_URL has a path"),
        ("SITE_URL", "https://videos.example.com?a=b", "SITE_URL has a query or a fragment"),
        ("SITE_URL", "https://videos.example.com/#top", "SITE_URL has a query or a fragment"),
        # pragma: allowlist nextline secret
        ("SITE_URL", "https://me:hush@videos.example.com", "SITE_URL has a user name or a password"),
        ("SITE_URL", "https://*.example.com", "SITE_URL has a wildcard"),
        ("SITE_URL", "https://videos.example.com:99999", "SITE_URL is not an address"),
        ("SITE_URL", "https://videos example.com", "SITE_URL does not name a host"),
        ("SITE_URL", "https://", "SITE_URL does not name a host"),
        ("SITE_URL", "//videos.example.com", "SITE_URL is not an address that begins with"),
        ("TAVUS_API_URL", "https://tavusapi.com?key=1", "TAVUS_API_URL has a query"),
        ("TAVUS_HOSTED_ORIGINS", "tavus.video", "TAVUS_HOSTED_ORIGINS is not an address that begins with"),
        ("TAVUS_HOSTED_ORIGINS", "https://tavus.video videos.tavus.io", "TAVUS_HOSTED_ORIGINS is not an address"),
        ("TAVUS_HOSTED_ORIGINS", "https://*.tavus.io", "TAVUS_HOSTED_ORIGINS has a wildcard"),
        ("TAVUS_HOSTED_ORIGINS", "*", "TAVUS_HOSTED_ORIGINS is not an address"),
        ("TAVUS_HOSTED_ORIGINS", "https:", "TAVUS_HOSTED_ORIGINS does not name a host"),
        ("TAVUS_HOSTED_ORIGINS", "https://tavus.video;script-src", "TAVUS_HOSTED_ORIGINS does not name a host"),
        ("TAVUS_HOSTED_ORIGINS", "https://'self'", "TAVUS_HOSTED_ORIGINS does not name a host"),
        ("TAVUS_HOSTED_ORIGINS", "https://tàvus.video", "TAVUS_HOSTED_ORIGINS does not name a host"),
        ("TAVUS_HOSTED_ORIGINS", "javascript://tavus.video", "TAVUS_HOSTED_ORIGINS is not an address"),
        ("ALLOWED_HOSTS", "https://videos.example.com", "ALLOWED_HOSTS takes host names"),
        ("ALLOWED_HOSTS", "videos.example.com:8000", "ALLOWED_HOSTS takes host names"),
        ("ALLOWED_HOSTS", "*.example.com", "ALLOWED_HOSTS takes host names"),
        ("TRUSTED_PROXY_HEADER", "X-Real-IP", "TRUSTED_PROXY_HEADER has to be one of"),
        ("SANDBOX", "maybe", "SANDBOX has to be 1 or 0"),
        ("DEBUG", "nope", "DEBUG has to be 1 or 0"),
        ("SANDBOX_RENDER_SECONDS", "inf", "SANDBOX_RENDER_SECONDS"),
        ("SANDBOX_RENDER_SECONDS", "nan", "SANDBOX_RENDER_SECONDS"),
        ("DATABASE_URL", "mysql://me:hush@db/x", "DATABASE_URL is not like"),  # pragma: allowlist secret
        ("DATABASE_URL", "/var/lib/db.sqlite3", "DATABASE_URL is not like"),
        ("REDIS_URL", "cache:6379", "REDIS_URL is not like"),
        ("MAIL_FROM", "tavusweb", "MAIL_FROM is not a sender"),
        ("REPORTS_TO", "ops@example.org, ops", "REPORTS_TO is not a list of email addresses"),
        ("TAVUS_API_URL", "tavusapi.com", "TAVUS_API_URL"),
        ("TRUSTED_PROXY_COUNT", "some", "TRUSTED_PROXY_COUNT"),
        ("SANDBOX_RENDER_SECONDS", "soon", "SANDBOX_RENDER_SECONDS"),
        ("KEEP_INSTANCE_AUDIT_DAYS", "forever", "KEEP_INSTANCE_AUDIT_DAYS"),
        ("KEEP_INSTANCE_AUDIT_DAYS", "-1", "KEEP_INSTANCE_AUDIT_DAYS"),
        ("KEEP_INSTANCE_AUDIT_DAYS", "99999999", "KEEP_INSTANCE_AUDIT_DAYS"),
        ("EMAIL_URL", "mail.example.com", "EMAIL_URL"),
        ("EMAIL_URL", "smtp://me:pass/word@mail.example.com", "EMAIL_URL"),
        ("EMAIL_URL", "smtp://me:pass#word@mail.example.com", "EMAIL_URL"),
    ],
)
@pytest.mark.thorough
def test_invalid_setting_is_named_in_one_clear_line(name: str, value: str, complaint: str, start: Start) -> None:
    done = start(READ.format(names=["DEBUG"]), **GOOD | {name: value})

    assert done.returncode != 0
    line = done.stderr.splitlines()[-1]
    assert line.startswith("django.core.exceptions.ImproperlyConfigured: " + complaint)
    assert "hush" not in line


def test_default_settings_make_a_private_local_server(read: Callable[..., list[object]]) -> None:
    assert read("DEBUG", "SITE_URL", "TAVUS_API_URL", "SANDBOX", "SESSION_COOKIE_SECURE", "REDIS_URL") == [
        False,
        "http://127.0.0.1:8000",
        "https://tavusapi.com",
        True,
        False,
        "",
    ]


def test_https_site_url_makes_everything_https(read: Callable[..., list[object]]) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "CSRF_TRUSTED_ORIGINS")

    values = read(*names, SITE_URL="https://videos.example.com/")

    assert values == [True, True, True, ["https://videos.example.com"]]


def test_hsts_covers_other_hosts_only_on_request(read: Callable[..., list[object]], start: Start) -> None:
    names, site = ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"), {"SITE_URL": "https://videos.example.com"}

    assert read("SECURE_HSTS_SECONDS", *names, **site) == [31_536_000, False, False]
    assert read(*names, **site, HSTS_SUBDOMAINS="1", HSTS_PRELOAD="1") == [True, True]
    assert "HSTS_PRELOAD needs HSTS_SUBDOMAINS=1" in start(READ.format(names=names), **GOOD, HSTS_PRELOAD="1").stderr


def test_forwarded_headers_are_ignored_without_a_declared_proxy(read: Callable[..., list[object]]) -> None:
    alone, behind = read("ALLAUTH_TRUSTED_PROXY_COUNT"), read("SECURE_PROXY_SSL_HEADER", TRUSTED_PROXY_COUNT="1")

    assert alone == [0]
    assert behind == [["HTTP_X_FORWARDED_PROTO", "https"]]


def test_hosted_origins_are_normalised(read: Callable[..., list[object]]) -> None:
    values = read("TAVUS_HOSTED_ORIGINS", TAVUS_HOSTED_ORIGINS="https://Tavus.video/, https://videos.tavus.io:443/x")

    assert values == [["https://tavus.video", "https://videos.tavus.io"]]


def test_csp_accepts_only_complete_origins(read: Callable[..., list[object]]) -> None:
    [policy] = read(
        "CONTENT_SECURITY_POLICY", TAVUS_HOSTED_ORIGINS="HTTPS://Player.Example:8443/x https://[2001:DB8::1]"
    )

    assert policy["DIRECTIVES"]["frame-src"] == [  # type: ignore[index]
        "'self'",
        "https://player.example:8443",
        "https://[2001:db8::1]",
    ]


def test_allowed_hosts_follow_django_rules(read: Callable[..., list[object]]) -> None:
    [hosts] = read("ALLOWED_HOSTS", ALLOWED_HOSTS="web .example.org [::2]")

    assert {"web", ".example.org", "[::2]"} < set(hosts)  # type: ignore[call-overload]


def test_oidc_provider_is_read_from_its_variables(read: Callable[..., list[object]]) -> None:
    given = {
        "OIDC_PROVIDERS": "corp-id",
        "OIDC_CORP_ID_URL": "https://id.example.org/",
        "OIDC_CORP_ID_CLIENT_ID": "tavusweb",
        "OIDC_CORP_ID_CLIENT_SECRET": "hush",
        "OIDC_CORP_ID_NAME": "The Corp",
        "OIDC_CORP_ID_DOMAINS": "Example.org, example.net",
    }

    [provider] = read("OIDC_PROVIDERS", **given)

    assert provider == [
        {
            "provider_id": "corp-id",
            "name": "The Corp",
            "client_id": "tavusweb",
            "secret": "hush",
            "settings": {"server_url": "https://id.example.org", "domains": ["example.org", "example.net"]},
        }
    ]


def test_incomplete_oidc_provider_is_named_with_the_missing_variable(start: Start) -> None:
    done = start(READ.format(names=["DEBUG"]), **GOOD, OIDC_PROVIDERS="corp", OIDC_CORP_CLIENT_ID="tavusweb")

    assert done.returncode != 0
    assert "OIDC_PROVIDERS names corp, and this is not set: OIDC_CORP_URL, OIDC_CORP_CLIENT_SECRET" in done.stderr


MAIL = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_SSL", "EMAIL_USE_TLS")


def test_mail_user_and_password_are_percent_decoded(read: Callable[..., list[object]]) -> None:
    values = read(*MAIL, EMAIL_URL="smtp://me%40example.com:p%40ss%3Aw%2Ford@mail.example.com:2525")

    assert values == ["mail.example.com", 2525, "me@example.com", "p@ss:w/ord", False, True]


def test_mail_server_without_a_port_uses_the_default_of_its_scheme(read: Callable[..., list[object]]) -> None:
    plain, tls = read(*MAIL, EMAIL_URL="smtp://mail.example.com"), read(*MAIL, EMAIL_URL="smtps://mail.example.com")

    assert plain == ["mail.example.com", 587, "", "", False, True]
    assert tls == ["mail.example.com", 465, "", "", True, False]


def test_refused_mail_url_shows_no_password(start: Start) -> None:
    done = start(READ.format(names=["DEBUG"]), **GOOD, EMAIL_URL="smtp://me:hush/hush@mail.example.com")

    assert "hush" not in done.stderr
