"""The visitor's address in every notation that proxies use, and how addresses are grouped into visitors."""

from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.test import Client, RequestFactory
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.http import address_group, client_address

SPELLINGS = [
    ("203.0.113.7", "203.0.113.7"),
    (" 203.0.113.7 ", "203.0.113.7"),
    ("203.0.113.7:50000", "203.0.113.7"),  # Azure
    ("203.0.113.7:_port", "203.0.113.7"),
    ('"203.0.113.7:50000"', "203.0.113.7"),
    ("2001:db8::7", "2001:db8::7"),
    ("2001:DB8:0:0::7", "2001:db8::7"),
    ("[2001:db8::7]", "2001:db8::7"),
    ("[2001:db8::7]:50000", "2001:db8::7"),
    ('"[2001:db8::7]:50000"', "2001:db8::7"),
    ("fe80::7%eth0", "fe80::7"),
    ("[fe80::7%25eth0]:443", "fe80::7"),
    ("::ffff:203.0.113.7", "203.0.113.7"),
    ("[::ffff:203.0.113.7]:50000", "203.0.113.7"),
    ("64:ff9b::203.0.113.7", "203.0.113.7"),  # NAT64
    ("[64:ff9b::cb00:7107]:443", "203.0.113.7"),
    ("64:ff9b:1::1", "64:ff9b:1::1"),
    ("FOR=203.0.113.7", "203.0.113.7"),
    ("203.0.113.7:", "203.0.113.7"),
    ("203.0.113.007", ""),
    ("for=203.0.113.7", "203.0.113.7"),
    ('for="[2001:db8::7]:50000"', "2001:db8::7"),
    ("unknown", ""),
    ("_hidden", ""),
    ("for=unknown", ""),
    ("for=_SEVKISEK", ""),
    ("", ""),
    ("-", ""),
    ("203.0.113.7:50000:1", ""),
    ("[203.0.113.7", ""),
    ("2001:db8::7]", ""),
    ("203.0.113.256", ""),
    ("evil.example", ""),
]
FORWARDED = [
    ("for=203.0.113.7", "203.0.113.7"),
    ("For=203.0.113.7;proto=https;by=203.0.113.43", "203.0.113.7"),
    ('proto=https; for="203.0.113.7:47011"', "203.0.113.7"),
    ('for="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"),
    ("for=6.6.6.6, for=203.0.113.7", "203.0.113.7"),
    ('for="6.6.6.6, for=203.0.113.7', "203.0.113.7"),  # a quote that the visitor left open
    ("for=unknown", ""),
    ('for="_gazonk"', ""),
    ("proto=https", ""),
]


@pytest.fixture
def behind_one(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def seen(**headers: str) -> str:
    return client_address(RequestFactory().get("/", headers={k.replace("_", "-"): v for k, v in headers.items()}))


@pytest.mark.parametrize(("spelled", "address"), SPELLINGS)
def test_forwarded_address_is_read_in_every_notation(spelled: str, address: str, behind_one: None) -> None:
    assert seen(x_forwarded_for=spelled) == address
    assert seen(x_forwarded_for=f"6.6.6.6, {spelled}") == address


@pytest.mark.parametrize(("spelled", "address"), FORWARDED)
def test_forwarded_header_is_read_only_when_it_is_chosen(spelled: str, address: str, behind_one: None) -> None:
    assert seen(forwarded=spelled) == address


def test_visitor_cannot_override_the_chosen_header(behind_one: None, settings: Any) -> None:
    both = {"x_forwarded_for": "203.0.113.7", "forwarded": "for=198.51.100.8"}

    assert seen(**both) == "203.0.113.7"
    settings.TRUSTED_PROXY_HEADER = "forwarded"
    assert seen(**both) == "198.51.100.8"
    assert seen(x_forwarded_for="6.6.6.6") == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("203.0.113.7:1", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:bbbb::2]:9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unknown", "unknown"),
        ("_random1", "unknown"),
    ],
)
def test_ipv6_network_counts_as_one_visitor_and_so_do_all_hidden_addresses(
    address: str, group: str, behind_one: None
) -> None:
    assert address_group(RequestFactory().get("/", headers={"x-forwarded-for": address})) == group


@pytest.mark.parametrize("forwarded", ["203.0.113.7:50000", "unknown", "_hidden", "nonsense", ""])
def test_sign_in_works_whatever_the_proxy_writes(forwarded: str, behind_one: None, client: Client, maria: User) -> None:
    sent = {"login": maria.email, "password": "maria-pass-1"}

    answer = client.post(reverse("account_login"), sent, headers={"x-forwarded-for": forwarded})

    assert answer.status_code == 302
    assert client.get(reverse("usersessions_list"), headers={"x-forwarded-for": forwarded}).status_code == 200


def test_fewer_hops_than_proxies_break_nothing(client: Client, maria: User, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 3

    answer = client.post(
        reverse("account_login"), {"login": maria.email, "password": "x"}, headers={"x-forwarded-for": "203.0.113.7"}
    )

    assert answer.status_code == 200


def test_allauth_counts_by_the_same_address(behind_one: None) -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-for": "[2001:db8::7]:50000"})

    assert get_adapter(request).get_client_ip(request) == "2001:db8::7"
