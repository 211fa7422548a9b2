"""A provider that speaks the contract and misbehaves on purpose: `python -m tests.chaos.provider --help`.

Its log is the truth of a run: one JSON object per line, among them every purchase. `POST /chaos/...` steers it.
"""

import argparse
import asyncio
import json
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

from tests.chaos.account import Account, Video
from tests.chaos.behaviours import draw
from tests.chaos.callbacks import Callbacks
from tests.chaos.faults import Fault, Mix
from tests.chaos.http import Answer, Line, Request

IN_PRODUCTION = {"queued", "generating"}
SILENCE = 25.0  # seconds: longer than a client waits for the answer to a submission
SLOW = (0.2, 2.0)
RETRY_AFTER = (1, 3)
REFUSED = {402: "Out of credits", 403: "Forbidden"}
REFUSED_FOR = 2.0
BAD_GATEWAY = Answer(502, b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>")


class Log:
    def __init__(self, path: Path) -> None:
        self.file = path.open("a", buffering=1)

    def write(self, event: str, **what: Any) -> None:
        self.file.write(json.dumps({"at": time.time(), "event": event, **what}) + "\n")


class Provider:
    def __init__(self, accounts: dict[str, Account], mix: Mix, callbacks: Callbacks, log: Log) -> None:
        self.accounts = accounts
        self.mix = mix
        self.callbacks = callbacks
        self.log = log
        self.running: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, for as long as the client keeps it and we do not break it."""
        line = Line(reader, writer)
        try:
            while request := await line.head():
                if request.path.startswith("/chaos/"):
                    await line.answer(self._steer(request))
                elif not await self._serve_one(line, request):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _serve_one(self, line: Line, request: Request) -> bool:
        """Whether the connection is still good."""
        fault = self.mix.draw(request)
        if fault == Fault.RESET_BEFORE:
            self._note(request, fault)
            line.reset()
            return False
        await line.read_body(request)
        account = self.accounts.get(request.headers.get("x-api-key", ""))
        if account is None:
            await line.answer(Answer(401, {"message": "Invalid access token"}))
            return True
        self._judge_manners(account, request)
        if account.refused:
            code, message = account.refused
            self._note(request, f"{code}")
            await line.answer(Answer(code, {"message": message}))
            return True
        if fault in {Fault.RATE_LIMITED, Fault.RATE_LIMITED_DATE}:
            self._note(request, fault)
            await line.answer(self._slow_down(account, as_date=fault == Fault.RATE_LIMITED_DATE))
            return True
        if fault == Fault.HTML_502:
            self._note(request, fault)
            await line.answer(BAD_GATEWAY)
            return True
        if fault == Fault.RESET_AFTER:
            self._note(request, fault)
            line.reset()
            return False
        answer = self._route(account, request)
        if answer.status == 200 and fault != Fault.NONE:
            return await self._spoil(line, request, answer, fault)
        await line.answer(answer)
        return True

    async def _spoil(self, line: Line, request: Request, answer: Answer, fault: Fault) -> bool:
        """Answer badly what was done."""
        strange = _with_a_strange_status(answer.body)
        if fault == Fault.UNKNOWN_STATUS and strange == answer.body:
            fault = Fault.NONE
        else:
            self._note(request, fault)
        match fault:
            case Fault.ACCEPTED_SILENCE:
                await asyncio.sleep(SILENCE)
                line.reset()
            case Fault.ACCEPTED_RESET:
                line.reset()
            case Fault.ACCEPTED_500:
                await line.answer(Answer(500, {"error": "Internal server error"}))
            case Fault.UNKNOWN_STATUS:
                await line.answer(Answer(200, strange))
            case Fault.SLOW:
                await asyncio.sleep(self.mix.random.uniform(*SLOW))
                await line.answer(answer)
            case _:
                await line.answer(answer, truncated=fault in {Fault.ACCEPTED_TRUNCATED, Fault.TRUNCATED})
        return fault not in {Fault.ACCEPTED_SILENCE, Fault.ACCEPTED_RESET}

    def _route(self, account: Account, request: Request) -> Answer:
        match [request.method, *request.path.strip("/").split("/")]:
            case ["POST", "v2", "videos"]:
                if account.is_full:
                    self.log.write("full", key=account.key)
                    return Answer(400, {"message": "User has reached maximum concurrent video generations"})
                return Answer(200, account.answer_to(self._accept(account, request)))
            case ["GET", "v2", "videos"]:
                listing = account.listing(request.number("page"), request.number("limit") or 10)
                return Answer(200, listing) if listing else Answer(400, {"error": "page must be at least 1"})
            case ["GET", "v2", "videos", video_id] if video := account.show(video_id):
                return Answer(200, video)
            case ["DELETE", "v2", "videos", video_id] if video_id in account.videos:
                account.videos[video_id].is_deleted = True
                return Answer(204)
            case ["GET", "v2", "replicas"]:
                replica = {"replica_id": "r1", "replica_name": "Anna", "status": "completed", "replica_type": "user"}
                return Answer(200, {"data": [replica], "total_count": 1})
        return Answer(400, {"error": "Invalid video_id"})

    def _accept(self, account: Account, request: Request) -> Video:
        """The purchase. It is in the log before anything is answered."""
        body = json.loads(request.body)
        video = account.accept(body)
        bought = {"script": body.get("script", ""), "video_id": video.video_id, "fails": video.fails}
        self.log.write("accepted", key=account.key, name=video.name, **bought)
        if video.callback_url:
            task = asyncio.create_task(self.callbacks.follow(video))
            self.running.add(task)
            task.add_done_callback(self.running.discard)
        return video

    def _slow_down(self, account: Account, *, as_date: bool) -> Answer:
        seconds = self.mix.random.randint(*RETRY_AFTER)
        account.silent_until = int(time.time()) + seconds if as_date else time.time() + seconds
        self.log.write("silence", key=account.key, seconds=seconds)
        value = formatdate(account.silent_until, usegmt=True) if as_date else str(seconds)
        return Answer(429, {"message": "Too many requests"}, {"Retry-After": value})

    def _judge_manners(self, account: Account, request: Request) -> None:
        left = account.silent_until - time.time()
        self.log.write("request", kind=request.kind, key=account.key, too_early=round(max(left, 0), 3))

    def _note(self, request: Request, fault: str) -> None:
        self.log.write("fault", fault=fault, kind=request.kind)

    def _steer(self, request: Request) -> Answer:
        match request.path.strip("/").split("/"):
            case ["chaos", "calm"]:
                self.mix.calm()
            case ["chaos", "refuse", key, code]:
                account = self.accounts[key]
                account.refused = int(code), REFUSED[int(code)]
                asyncio.get_running_loop().call_later(REFUSED_FOR, setattr, account, "refused", None)
        return Answer(200, {})


def _with_a_strange_status(body: dict[str, Any]) -> dict[str, Any]:
    """A video, or a list of them, in which none is in production by any word that is known."""
    if "data" in body:
        return body | {"data": [_with_a_strange_status(item) for item in body["data"]]}
    return body | {"status": "encoding"} if body.get("status") in IN_PRODUCTION else body


async def run(options: argparse.Namespace) -> None:
    mix = Mix(options.seed)
    log = Log(options.log)
    drawn = zip(options.keys, draw(options.seed, len(options.keys)), strict=True)
    accounts = {key: Account(key[-4:], mix, slots=options.slots, behaviour=behaviour) for key, behaviour in drawn}
    provider = Provider(accounts, mix, Callbacks(mix, options.callbacks, log.write), log)
    server = await asyncio.start_server(provider.serve, "127.0.0.1", options.port)
    for account in accounts.values():
        behaviour = account.behaviour
        log.write("behaviour", key=account.key, behaviour=behaviour.name, can_prove=behaviour.can_prove)
    async with server:
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.provider", description=(__doc__ or "").split(":")[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--keys", nargs="+", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slots", type=int, default=20, help="videos in production per key")
    parser.add_argument("--callbacks", default="", help="where callbacks really go, as http://127.0.0.1:8000")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
