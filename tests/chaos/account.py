"""One account at the provider: what it bought, what is in production, and what its list shows."""

import secrets
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from tests.chaos.faults import Mix

RENDERS = (2.0, 6.0)  # seconds
QUEUES = (0.2, 1.0)
FAILS = 0.05
LISTED_LATE, LATE = 0.15, (1.0, 3.0)  # how often, and by how many seconds


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

    def __init__(self, key: str, mix: Mix, *, slots: int) -> None:
        self.key = key
        self.mix = mix
        self.slots = slots
        self.videos: dict[str, Video] = {}
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
            name=body.get("video_name", ""),
            callback_url=body.get("callback_url", ""),
            begins_at=begins_at,
            ends_at=begins_at + chance.uniform(*RENDERS),
            listed_at=now + (chance.uniform(*LATE) if self.mix.happens(LISTED_LATE) else 0),
            fails=chance.random() < FAILS,
        )
        self.videos[video.video_id] = video
        return video

    def listing(self, page: int, size: int) -> dict[str, Any]:
        """Newest first."""
        now = time.time()
        listed = [video for video in reversed(self.videos.values()) if video.listed_at <= now]
        start = page * size
        return {
            "data": [video.to_json(now) for video in listed[start : start + size]],
            "total_count": len(listed),
        }
