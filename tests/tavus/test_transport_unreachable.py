"""Over real sockets: what fails before a byte of the request was sent is Unreachable, and safe to repeat."""

import asyncio
import base64
import datetime as dt
import socket
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tavusweb.tavus import Tavus, Unreachable, new_transport
from tests.tavus.conftest import ASKED, KEY, http


async def closes_before_answering(peer, reader, writer):
    await peer.request(reader)


async def never_answers(peer, reader, writer):
    await peer.request(reader)
    await reader.read()


async def create(url: str, **settings):
    async with Tavus(base_url=url, api_key=KEY, **({"timeout": 2.0} | settings)) as tavus:
        return await tavus.create_video(ASKED)


@pytest.mark.parametrize(
    "url",
    [
        "http://tavus.invalid",  # RFC 6761: never resolves
        "ftp://127.0.0.1",
        "tavus.example/without-scheme",
        "http://",
        "",
        "http://[broken",
        "http://127.0.0.1:99999",
        "http://a b",
    ],
)
def test_unusable_base_url_is_unreachable(url):
    with pytest.raises(Unreachable):
        asyncio.run(create(url))


def test_refused_connection_is_unreachable():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"

        with pytest.raises(Unreachable):
            asyncio.run(create(url))


def test_connection_that_is_never_accepted_is_unreachable():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        with socket.socket() as first, socket.socket() as second:  # the backlog, so that the next one waits
            for filler in (first, second):
                filler.setblocking(False)
                filler.connect_ex(address)

            with pytest.raises(Unreachable):
                asyncio.run(create(f"http://127.0.0.1:{address[1]}", timeout=0.4))


def test_full_connection_pool_is_unreachable(raw_server):
    async def main():
        async with raw_server(never_answers) as peer, new_transport(connections=1) as pool:
            slow = Tavus(base_url=peer.url, api_key=KEY, transport=pool, timeout=2.0)
            hasty = Tavus(base_url=peer.url, api_key=KEY, transport=pool, timeout=0.3)
            first = asyncio.create_task(slow.get_video("v1"))
            while not peer.requests:
                await asyncio.sleep(0.01)

            with pytest.raises(Unreachable):
                await hasty.create_video(ASKED)

            first.cancel()
            return peer

    assert len(asyncio.run(main()).requests) == 1


def test_wait_for_a_connection_slot_does_not_count_towards_the_timeout(raw_server):
    async def answers_slowly(peer, reader, writer):
        while True:
            await peer.request(reader)
            await asyncio.sleep(0.1)
            writer.write(http(b'{"video_id": "v1", "status": "queued"}'))

    async def main():
        async with (
            raw_server(answers_slowly) as peer,
            Tavus(base_url=peer.url, api_key=KEY, connections=2, timeout=0.4) as tavus,
        ):
            videos = await asyncio.gather(*(tavus.get_video("v1") for _ in range(12)))
            return peer, videos

    peer, videos = asyncio.run(main())

    assert len(videos) == 12
    assert peer.connections == 2


def test_server_without_tls_is_unreachable_over_https(raw_server):
    async def answers_in_clear(peer, reader, writer):
        peer.requests.append(await reader.read(4000))
        writer.write(http(b"", "400 Bad Request"))

    async def main():
        async with raw_server(answers_in_clear) as peer:
            with pytest.raises(Unreachable):
                await create(peer.url.replace("http:", "https:"))
            return peer

    assert b"x-api-key" not in b"".join(asyncio.run(main()).requests)


def test_untrusted_certificate_is_unreachable(raw_server, tmp_path):
    async def main():
        async with raw_server(closes_before_answering, ssl=self_signed(tmp_path)) as peer:
            with pytest.raises(Unreachable, match=r"(?i)certificate"):
                await create(peer.url.replace("http:", "https:"))
            return peer

    assert asyncio.run(main()).requests == []


def self_signed(folder) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


async def refuses_tunnels(peer, reader, writer):
    await peer.request(reader)
    writer.write(http(b"", "407 Proxy Authentication Required"))


def test_proxy_in_the_environment_is_used_and_its_refusal_sends_nothing(raw_server, monkeypatch):
    async def main():
        async with raw_server(refuses_tunnels) as proxy:
            monkeypatch.delenv("NO_PROXY")
            monkeypatch.delenv("no_proxy", raising=False)
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            with pytest.raises(Unreachable):
                await create("https://tavus.invalid")
            return proxy

    proxy = asyncio.run(main())

    assert proxy.requests[0].startswith(b"CONNECT tavus.invalid:443")
    assert KEY.encode() not in proxy.requests[0]


def test_proxy_login_reaches_the_proxy(raw_server, monkeypatch):
    async def main():
        async with raw_server(refuses_tunnels) as proxy:
            monkeypatch.delenv("NO_PROXY")
            monkeypatch.delenv("no_proxy", raising=False)
            monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("://", "://maria:p%40ss@"))  # pragma: allowlist secret
            with pytest.raises(Unreachable):
                await create("https://tavus.invalid")
            return proxy

    proxy = asyncio.run(main())

    assert b"Basic " + base64.b64encode(b"maria:p@ss") in proxy.requests[0]
