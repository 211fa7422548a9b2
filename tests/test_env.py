"""Settings as people really write them: with blanks around, in capitals, with what cannot work."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from tavusweb import env
from tavusweb.data_folder import data_folder
from tavusweb.launch.listen import wanted

NAME = "A_SETTING"


def read(
    value: str, reader: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, *arguments: Any, **options: Any
) -> Any:
    monkeypatch.setenv(NAME, value)
    return reader(NAME, *arguments, **options)


@pytest.mark.parametrize(
    ("value", "reader", "arguments", "read_as"),
    [
        (" https://videos.example.org/ ", env.site_address, ("",), "https://videos.example.org"),
        ("HTTPS://Videos.Example.org:443", env.site_address, ("",), "https://videos.example.org"),
        ("http://videos.example.org:80/", env.site_address, ("",), "http://videos.example.org"),
        ("https://[2001:DB8::1]:8443", env.site_address, ("",), "https://[2001:db8::1]:8443"),
        ("\t", env.site_address, ("http://127.0.0.1:8000",), "http://127.0.0.1:8000"),
        (" 8000\n", env.number, (80,), 8000),
        (" ", env.number, (80,), 80),
        (" Staff ", env.choice, (["everyone", "staff"],), "staff"),
        (" 1 ", env.flag, (False,), True),
        ("\n", env.redis_address, (), ""),
        (" redis://cache:6379/0 ", env.redis_address, (), "redis://cache:6379/0"),
        (" unix:///run/redis.sock", env.redis_address, (), "unix:///run/redis.sock"),
        (" Team <team@example.org> ", env.sender, ("",), "Team <team@example.org>"),
        (' "Team, Videos" <team@example.org>', env.sender, ("",), '"Team, Videos" <team@example.org>'),
        (" smtp://mail.example.com ", env.mail_server, (), ("mail.example.com", 587, "", "", False)),
        ("SMTPS://mail.example.com", env.mail_server, (), ("mail.example.com", 465, "", "", True)),
        ("smtp://[2001:db8::25]:25", env.mail_server, (), ("2001:db8::25", 25, "", "", False)),
        # pragma: allowlist nextline secret
        (
            "smtp://me@example.com:a%20b@m.example",
            env.mail_server,
            (),
            ("m.example", 587, "me@example.com", "a b", False),
        ),
    ],
)
def test_setting_is_read_however_it_is_written(
    value: str, reader: Any, arguments: Any, read_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(value, reader, monkeypatch, *arguments) == read_as


@pytest.mark.parametrize(
    ("value", "reader", "arguments", "complaint"),
    [
        ("http://0.0.0.0:8000", env.site_address, ("",), "names every address of this machine"),
        ("http://[::]:8000", env.site_address, ("",), "names every address of this machine"),
        ("https://my_app.example.org", env.site_address, ("",), "has a host with an underscore"),
        ("https://videos.example.org.", env.site_address, ("",), "or a final dot"),
        ("my_app", env.host_names, (), "takes host names"),
        ("videos.example.org.", env.host_names, (), "takes host names"),
        ("redis://cache:abc", env.redis_address, (), "is not like redis://"),
        ("redis://:6379", env.redis_address, (), "is not like redis://"),
        ("a@example.org, b@example.org", env.sender, ("",), "is not a sender"),
        ("smtp://mail.example.com:465", env.mail_server, (), "Write smtps:// instead"),
        ("smtps://mail.example.com:587", env.mail_server, (), "Write smtp://"),
        ("smtps://mail.example.com:25", env.mail_server, (), "Write smtp://"),
        ("smtp://mail example.com", env.mail_server, (), "is not like smtp://"),
        ("smtp://", env.mail_server, (), "is not like smtp://"),
        ("smtp+tls://mail.example.com", env.mail_server, (), "is not like smtp://"),
        ("mailto:me@example.com", env.mail_server, (), "is not like smtp://"),
        ("0", env.number, (8000,), "is not a number that can be used"),
    ],
)
def test_setting_that_cannot_work_is_refused_in_a_line_that_names_it(
    value: str, reader: Any, arguments: Any, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"minimum": 1} if reader is env.number else {}

    with pytest.raises(ImproperlyConfigured, match=complaint) as refused:
        read(value, reader, monkeypatch, *arguments, **options)

    assert str(refused.value).startswith(NAME)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        *("postgres://me:hush@db", "postgres://me:hush@db/"),  # pragma: allowlist secret
        *("sqlite://", "sqlite://:memory:"),
    ],
)
def test_database_that_the_processes_cannot_share_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is not like") as refused:
        env.database("DATABASE_URL", url)

    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("name", ["a/b", "corp.example", "añb"])
def test_provider_needs_a_name_that_a_variable_can_have(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="OIDC_PROVIDERS takes names"):
        env.provider(name)


def test_blanks_around_the_data_folder_and_the_address_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAVUSWEB_HOME", f" {tmp_path} ")
    monkeypatch.setenv("HOST", " ::1 ")
    monkeypatch.setenv("PORT", "8001 ")

    assert data_folder() == tmp_path
    assert wanted() == ("::1", 8001)
