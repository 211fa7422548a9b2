"""Hostile answers, made from a seed: what a broken or compromised provider, or a proxy in between, may send."""

import gzip
import json
import random
import zlib

import httpx

from tests.tavus.conftest import KEY
from tests.tavus.test_records import NAMES

PIECES = [
    "<a ", "<b>", "<", ">", "<a<a", "<!--", "-->", "<a x='", "<script>", "</script", "<title>", "</title>", "<![CDATA[",
    "<!doctype ", "<?xml ", "</", "&", "&#", "&#x", "&#99999999;", "&lt;", "&amp", ";", "\0", "\x1b[31m", "\r", "\r\n",
    " ", "\t", "\u2028", "\u202e", "\ud800", "\udfff", "\U0001f600", "İ", "ß", "é", "٣", "9", "0", "-", "1e999", "/",
    "%", "\\", '"', "{", "[", "{{ x }}", "invalid video_id", "invalid video", "concurrent", "audio", "replica ",
    "minimum ", "generat", "error ", "exceed", "unable to ", "https://", "https://a@", "https://[", "javascript:",
    "2024-01-24T07:14:03", "Tue, 24 Jun 2025 07:01:57 GMT", "Tue, ", "+99:99", "Launch · tw-abcdefghijkl-1", KEY,
]  # fmt: skip
NUMBERS = [
    0,
    -1,
    1,
    0.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
    -float("inf"),
    2**63,
    10**400,
    -(10**4000),
    True,
    None,
]
STATUSES = [200, 200, 200, 201, 204, 301, 400, 400, 401, 402, 403, 404, 408, 421, 422, 429, 500, 502, 503, 599, 999]
ENCODINGS = ["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp037", "utf-7"]
RAW = [
    b"", b"null", b"NaN", b"-Infinity", b'"', b"[", b"{", b"\xff\xfe\xfa", b"\xef\xbb\xbf", b"\0" * 40,
    b'{"data": [NaN, Infinity], "total_count": NaN}', b'{"video_id": "a", "video_id": {}}',
    b'{"video_id": "v1", "video_name": "\xed\xa0\x80"}', b'{"video_id": ' + b"9" * 5000 + b"}",
    b'{"video_id": "v1", "generation_progress": 1.' + b"3" * 5000 + b"}",
]  # fmt: skip


class Chunks(httpx.AsyncByteStream):
    def __init__(self, *chunks: bytes) -> None:
        self.chunks = chunks

    async def __aiter__(self):
        for chunk in self.chunks:
            yield chunk


class Hostile:
    """A source of answers; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def size(self) -> int:
        """Mostly a few, now and then very many."""
        return int(self.random.choice([1, 2, 5, 30]) ** self.random.choice([1, 1, 1, 1.6]))

    def text(self) -> str:
        few = self.random.sample(PIECES, self.random.randint(1, 4))
        if self.random.random() < 0.5:
            return "".join(few) * self.size()
        return "".join(self.random.choice(few) for _ in range(self.size()))

    def value(self, depth: int = 0):
        kind = self.random.random()
        if kind < 0.6 or depth > 3:
            return self.text()
        if kind < 0.75:
            return self.random.choice(NUMBERS)
        if kind < 0.9:
            return [self.value(depth + 1) for _ in range(self.random.randint(0, 3))]
        return self.fields(depth + 1)

    def fields(self, depth: int = 0) -> dict[str, object]:
        names = [*self.random.sample(NAMES, 4), "error", "message", "detail", "data", "total_count", self.text()]
        return {name: self.value(depth + 1) for name in self.random.sample(names, self.random.randint(0, 5))}

    def thing(self) -> dict[str, object]:
        """What would be a video and a replica, but for some fields."""
        good = {"video_id": "v1", "replica_id": "r1", "status": "ready", "video_name": "Launch"}
        return good | self.fields()

    def json(self) -> object:
        kind = self.random.random()
        if kind < 0.4:
            return self.thing()
        if kind < 0.6:
            count = self.random.choice([0, 1, 2, 3])
            things = [self.thing() if self.random.random() < 0.7 else self.value() for _ in range(count)]
            return {"data": things, "total_count": self.random.choice([*NUMBERS, len(things)])}
        return self.value()

    def body(self) -> bytes:
        kind = self.random.random()
        if kind < 0.1:
            return self.random.choice(RAW)
        if kind < 0.15:
            depth = self.random.choice([5, 50, 2000])
            return self.random.choice([b"[", b'{"a":', b'{"error":', b'{"data":[']) * depth
        if kind < 0.25:
            return self.text().encode(errors="replace")
        if kind < 0.3:
            return self.random.randbytes(self.size())
        text = json.dumps(self.json(), ensure_ascii=self.random.random() < 0.5)
        encoding = self.random.choice(ENCODINGS)
        body = text.encode(encoding, "surrogatepass" if encoding.startswith("utf-8") else "replace")
        return body[: self.random.randint(0, len(body))] if self.random.random() < 0.1 else body

    def answer(self) -> httpx.Response:
        body, headers = self.body(), {}
        packing = self.random.random()
        if packing < 0.1:
            headers["content-encoding"] = self.random.choice(["gzip", "x-gzip", "gzip, gzip", "deflate", "br", "\t,,"])
            body = self.random.choice([gzip.compress, zlib.compress, bytes])(body)
        if self.random.random() < 0.3:
            headers["retry-after"] = self.text().encode(errors="replace")
            headers["date"] = self.text().encode(errors="replace")
        middle = self.random.randint(0, len(body))
        chunks = Chunks(body[:middle], body[middle:])
        return httpx.Response(self.random.choice(STATUSES), headers=headers, stream=chunks)
