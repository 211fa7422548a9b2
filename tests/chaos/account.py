"""One account at the provider: what it bought, what is in production, and what its list shows."""

import secrets
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from tests.chaos.behaviours import AS_DOCUMENTED, CUT_FROM, CUT_TO, MISSING, Behaviour
from tests.chaos.faults import Mix

RENDERS = (2.0, 6.0)  # seconds
QUEUES = (0.2, 1.0)
FAILS = 0.05
LISTED_LATE, LATE = 0.15, (1.0, 3.0)  # how often, and by how many seconds
STRANGERS = 4  # at once


@dataclass
class Video:
    name: str
    callback_url: str
    begins_at: float
    ends_at: float
    listed_at: float
    fails: bool
    accepted_at: float = field(default_factory=time.time)
    video_id: str = field(default_factory=lambda: secrets.token_hex(5))
    is_deleted: bool = False
    is_strange: bool = False  # somebody else's
    was_left_out: bool = False

    def status(self, at: float) -> str:
        if self.is_deleted:
            return "deleted"
        if at >= self.ends_at:
            return "error" if self.fails else "ready"
        return "generating" if at >= self.begins_at else "queued"

    def to_json(self, at: float) -> dict[str, Any]:
        status = self.status(at)
        done = max(0.0, min((at - self.begins_at) / (self.ends_at - self.begins_at), 1.0))
        is_ready = status == "ready"
        return {
            "video_id": self.video_id,
            "video_name": self.name,
            "status": status,
            "hosted_url": f"https://tavus.video/{self.video_id}",
            "download_url": f"https://cdn.example/{self.video_id}.mp4" if is_ready else None,
            "stream_url": f"https://cdn.example/{self.video_id}.m3u8" if is_ready else None,
            "status_details": "An error occurred while generating" if status == "error" else "",
            "generation_progress": f"{100 if is_ready else int(done * 99)}/100",
            "created_at": formatdate(self.accepted_at, usegmt=True),
            "updated_at": formatdate(at, usegmt=True),
        }


class Account:
    """`key` is the end of its API key, for the log."""

    def __init__(self, key: str, mix: Mix, *, slots: int, behaviour: Behaviour = AS_DOCUMENTED) -> None:
        self.key = key
        self.mix = mix
        self.slots = slots
        self.behaviour = behaviour
        self.videos: dict[str, Video] = {}
        self.left_out: Video | None = None  # of the reading that began last
        self.silent_until = 0.0  # a client that was told to slow down does not ask before
        self.refused: tuple[int, str] | None = None  # what the account answers to everything, while it is in trouble

    @property
    def is_full(self) -> bool:
        now = time.time()
        return sum(video.status(now) in {"queued", "generating"} for video in self.videos.values()) >= self.slots

    def accept(self, body: dict[str, Any]) -> Video:
        now, chance = time.time(), self.mix.random
        begins_at = now + chance.uniform(*QUEUES)
        video = Video(
            name=self.behaviour.named(body.get("video_name", "")),
            callback_url=body.get("callback_url", ""),
            begins_at=begins_at,
            ends_at=begins_at + chance.uniform(*RENDERS),
            listed_at=now + (chance.uniform(*LATE) if self.mix.happens(LISTED_LATE) else 0),
            fails=chance.random() < FAILS,
        )
        self.videos[video.video_id] = video
        return video

    def answer_to(self, video: Video) -> dict[str, Any]:
        """What a submission is told; that may be about another video."""
        others = [each for each in self.videos.values() if each is not video]
        if others and self.mix.random.random() < self.behaviour.answers_another:
            video = self.mix.random.choice(others)
        return self._write(video)

    def show(self, video_id: str) -> dict[str, Any] | None:
        """One video; None when there is none, or when its id is still too new."""
        video = self.videos.get(video_id)
        if video is None or time.time() < video.accepted_at + self.behaviour.unknown_for:
            return None
        return self._write(video)

    def listing(self, number: int | None, limit: int) -> dict[str, Any] | None:
        """A page of the list; None when there is none of this number."""
        behaviour = self.behaviour
        index = 0 if number is None else number - behaviour.first_page
        if index < 0 and behaviour.page_zero == "refused":
            return None
        if index <= 0:
            self._begin_reading()
        rows, total = self._rows()
        if index < 0:
            index = 0 if behaviour.page_zero == "repeated" else len(rows)
        counted = behaviour.total(total)
        page = list(behaviour.page(rows, index, behaviour.size(limit)))
        return {"data": page} | ({} if counted is MISSING else {"total_count": counted})

    def _rows(self) -> tuple[list[dict[str, Any]], int]:
        """What there is to list, in its order, and how many the list claims to hold."""
        now, behaviour = time.time(), self.behaviour
        listed = [video for video in self.videos.values() if video.listed_at <= now]
        if behaviour.is_cut and len(listed) >= CUT_FROM:
            listed = listed[-CUT_TO:]
        shown = [video for video in listed if video is not self.left_out]
        total = len(listed if behaviour.counts_left_out else shown)
        return behaviour.order([self._write(video) for video in shown]), total

    def _begin_reading(self) -> None:
        """Somebody asks for the first page."""
        chance, behaviour = self.mix.random, self.behaviour
        if behaviour.has_strangers:
            self._come_and_go()
        self.left_out = None
        candidates = [video for video in self.videos.values() if not video.was_left_out]
        if candidates and chance.random() < behaviour.leaves_out:
            self.left_out = candidates[-1]
            self.left_out.was_left_out = True

    def _come_and_go(self) -> None:
        now = time.time()
        stranger = Video(f"Stranger {now:.3f}", "", now, now + 1, now, fails=False, is_strange=True)
        self.videos[stranger.video_id] = stranger
        strangers = [video for video in self.videos.values() if video.is_strange]
        for gone in strangers[:-STRANGERS]:
            del self.videos[gone.video_id]

    def _write(self, video: Video) -> dict[str, Any]:
        return self.behaviour.shown(video.to_json(time.time()))
