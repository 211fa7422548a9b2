"""Tavus's responses as frozen records. No JSON passes beyond them: unknown fields are dropped, invalid ones are empty.

`from_json` accepts any JSON value and raises only ValueError, for one without a usable id.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Self, TypeVar

from tavusweb.tavus.failure_codes import FailureCode, failure_code
from tavusweb.tavus.parsing import either, line, parse_date, percent, prose, required_id, web_address, word

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RemoteVideo:
    """A video at Tavus.

    `status` is the raw word in lower case, or ""; `progress` is 0 to 100; times are aware and in UTC.
    `stream_url` and the thumbnails stay "" for fast renders, the thumbnails also without `verbose=true`.
    `hosted_url` exists from the start, even for failures: it never means ready.
    """

    video_id: str
    name: str = ""
    status: str = ""
    progress: int | None = None
    hosted_url: str = ""
    download_url: str = ""
    stream_url: str = ""
    status_details: str = ""
    error_details: str = ""
    thumbnail_url: str = ""
    gif_url: str = ""
    replica_id: str = ""
    script: str = ""
    audio_url: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @classmethod
    def from_json(cls, value: object) -> Self:
        fields = value if isinstance(value, dict) else {}
        data = fields.get("data")
        asked = data if isinstance(data, dict) else {}
        return cls(
            video_id=required_id(fields.get("video_id")),
            name=prose(fields.get("video_name")),
            status=word(fields.get("status")),
            progress=percent(fields.get("generation_progress")),
            hosted_url=web_address(fields.get("hosted_url")),
            download_url=web_address(fields.get("download_url")),
            stream_url=web_address(fields.get("stream_url")),
            status_details=line(fields.get("status_details")),
            error_details=line(fields.get("error_details")),
            thumbnail_url=web_address(fields.get("still_image_thumbnail_url")),
            gif_url=web_address(fields.get("gif_thumbnail_url")),
            replica_id=line(either(fields, "replica_id", "face_id")),
            script=prose(asked.get("script")),
            audio_url=web_address(asked.get("audio_url")),
            created_at=parse_date(fields.get("created_at")),
            updated_at=parse_date(fields.get("updated_at")),
        )

    @property
    def identity(self) -> str:
        return self.video_id

    @property
    def is_ready(self) -> bool:
        return self.status == "ready"

    @property
    def is_failed(self) -> bool:
        return self.status == "error"

    @property
    def is_deleted(self) -> bool:
        return self.status == "deleted"

    @property
    def is_final(self) -> bool:
        """Whether Tavus will not change it any more; an undocumented status is not final."""
        return self.is_ready or self.is_failed or self.is_deleted

    @property
    def failure_code(self) -> FailureCode:
        """The failure reason; meaningful only if `is_failed`."""
        return failure_code(f"{self.status_details} {self.error_details}")


@dataclass(frozen=True, slots=True)
class RemoteReplica:
    """A replica at Tavus. Newer documentation calls it a face; both names are read.

    `kind` is "user", "system" or "" (unknown); `thumbnail_url` is a short video, `thumbnail_image_url` a
    still; `training_progress` is 0 to 100.
    """

    replica_id: str
    name: str = ""
    kind: str = ""
    status: str = ""
    training_progress: int | None = None
    thumbnail_url: str = ""
    thumbnail_image_url: str = ""
    error_message: str = ""
    model_name: str = ""
    created_at: datetime | None = None

    @classmethod
    def from_json(cls, value: object) -> Self:
        fields = value if isinstance(value, dict) else {}
        kind = word(either(fields, "replica_type", "face_type"))
        return cls(
            replica_id=required_id(either(fields, "replica_id", "face_id")),
            name=line(either(fields, "replica_name", "face_name")),
            kind=kind if kind in {"user", "system"} else "",
            status=word(fields.get("status")),
            training_progress=percent(fields.get("training_progress")),
            thumbnail_url=web_address(fields.get("thumbnail_video_url")),
            thumbnail_image_url=web_address(fields.get("thumbnail_image_url")),
            error_message=line(fields.get("error_message")),
            model_name=line(fields.get("model_name")),
            created_at=parse_date(fields.get("created_at")),
        )

    @property
    def identity(self) -> str:
        return self.replica_id

    @property
    def is_usable(self) -> bool:
        """Whether it is trained; the API says `completed`, callbacks say `ready`."""
        return self.status in {"completed", "ready"}


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. `total` is the length of the whole list, or None if Tavus did not give it.

    `skipped` counts items without an id: a page is past the end only if it has neither items nor skipped ones.
    """

    items: tuple[T, ...]
    total: int | None
    page: int
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """A request for a video, with exactly one of `script` and `audio_url`."""

    replica_id: str
    name: str
    script: str = ""
    audio_url: str = ""
    callback_url: str = field(default="", repr=False)  # contains the video's secret
    background_url: str = ""
    background_source_url: str = ""
    fast: bool = False
    transparent_background: bool = False
    watermark_image_url: str = ""
    background_scroll: bool = True
    background_scroll_type: str = "human"
    background_scroll_depth: str = "middle"
    background_scroll_return: str = "return"
    start_with_wave: bool = True

    def to_json(self) -> dict[str, object]:
        """Return the body of `POST /v2/videos`: only the fields that apply, without combinations that Tavus rejects."""
        texts = {
            "replica_id": self.replica_id,
            "video_name": self.name,
            "script": self.script,
            "audio_url": self.audio_url,
            "callback_url": self.callback_url,
            "watermark_image_url": self.watermark_image_url,
        }
        if not self.fast:
            texts |= {"background_url": self.background_url, "background_source_url": self.background_source_url}
        body: dict[str, object] = {name: text for name, text in texts.items() if text}
        if self.fast:
            body["fast"] = True
            if self.transparent_background:
                body["transparent_background"] = True
        body["properties"] = {"start_with_wave": self.start_with_wave} | self._scrolling()
        return body

    def _scrolling(self) -> dict[str, object]:
        if self.fast or not self.background_url:
            return {}
        if not self.background_scroll:
            return {"background_scroll": False}
        return {
            "background_scroll": True,
            "background_scroll_type": self.background_scroll_type,
            "background_scroll_depth": self.background_scroll_depth,
            "background_scroll_return": self.background_scroll_return,
        }
