"""Private addresses are recognised: Tavus cannot fetch them, and they may belong to another network."""

import pytest

from tavusweb.reachability import is_public

NOT_PUBLIC = {
    "this machine and this network": "127.0.0.1 127.255.255.254 0.0.0.0 169.254.0.1 169.254.169.254 255.255.255.255",
    "private": "10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255 100.64.0.1",
    "nobody's": "192.0.2.1 198.18.0.1 224.0.0.1 240.0.0.1",
    "IPv6": "[::] [::1] [fc00::1] [fd12:3456::1] [fe80::1] [fe80::1%25eth0] [febf::1] [fec0::1] [ff02::1] [2001:db8::1]",
    "IPv4 in IPv6": "[::ffff:127.0.0.1] [::ffff:10.0.0.1] [::ffff:a9fe:a9fe] [::127.0.0.1]",
    "IPv4 by a detour": "[64:ff9b::7f00:1] [2002:7f00:1::]",
    "another base": "2130706433 0x7f000001 017700000001 0x7f.1 0177.0.0.1 127.0.0.0x1 0xa9.0xfe.0xa9.0xfe 3232235777",
    "fewer parts": "127.1 127.0.1 10.1",
    "names": "localhost LOCALHOST nas a.localhost nas.local db.internal metadata.google.internal pc.lan x.home.arpa",
    "names of distributions": "localhost.localdomain files.corp wiki.intranet",
    "dots at the end": "127.0.0.1. 127.0.0.1.. localhost. nas.local.",
    "after a user's name": "user@127.0.0.1 user:secret@127.0.0.1 example.com@127.0.0.1 example.com:80@10.0.0.1:8080",
    "between two readings": "127.0.0.1\\@example.com example.com\\@127.0.0.1 127.0.0.1%23@localhost",
    "percent signs": "127.0.0.%31 %6cocalhost nas.%6cocal %31%32%37.0.0.1",
    "other digits and dots": "１２７.０.０.１ 127。0。0。1 127．0．0．1 127｡0｡0｡1 ①②⑦.⓪.⓪.①",
    "other letters": "nas.ｌｏｃａｌ nas.ⅼocal nas。local nas.lo\u00adcal nas.lo\u200bcal nas.local\ufe0f",
}
PRIVATE = [host for hosts in NOT_PUBLIC.values() for host in hosts.split()]
PUBLIC = {
    "addresses": "8.8.8.8 172.15.0.1 172.32.0.1 192.169.0.1 169.253.0.1 11.0.0.1 128.0.0.1",
    "IPv6": "[2606:4700::1111] [::ffff:8.8.8.8]",
    "names": "example.com example.com. EXAMPLE.com:8443 user:secret@example.com locale.example.com notlocal.com",
    "names with digits": "1.example.com 0x7f.example.com 10.0.0.1.example.com",
    "names in other scripts": "münchen.de xn--mnchen-3ya.de 例え.jp 例え。jp हिन्दी.com",
}


@pytest.mark.parametrize("host", PRIVATE)
def test_private_host_is_recognised_in_every_notation(host: str) -> None:
    assert not is_public(f"http://{host}/a.mp3")


@pytest.mark.parametrize("host", [host for hosts in PUBLIC.values() for host in hosts.split()])
def test_public_host_is_not_mistaken_for_a_private_one(host: str) -> None:
    assert is_public(f"https://{host}/a.mp3")


@pytest.mark.parametrize("url", ["", "http://", "http:///a.mp3", "https://[::1", "http://[not-an-address]/", "a.mp3"])
def test_url_without_a_host_is_not_public(url: str) -> None:
    assert not is_public(url)
