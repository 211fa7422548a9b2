"""Measure an MP3 by walking its frames one by one. Neither an index nor an average bit rate is trusted."""

import re
from dataclasses import dataclass

from .audio_mpeg import Frame, after_tag, frame, sound_end, sound_start
from .audio_silence import HEAD, is_silent_frame
from .audio_window import Window

IN_A_ROW = 3  # consecutive frames of one kind that distinguish sound from bytes that look like a header
MAX_JUNK = 64 * 1024 * 1024  # bytes outside frames that are searched
MAX_CANDIDATES = 100_000  # headers that are tried in them
MAX_FREE_BYTES = 8192  # of a frame in free format
DECODER_DELAY = 529  # samples of delay in every layer III decoder
SYNC = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff][\x00-\xef]", re.DOTALL)
ENCODERS = (b"LAME", b"Lavf", b"Lavc")  # encoders whose delay and padding decoders remove


@dataclass(frozen=True)
class Walk:
    """The sound between the tags. `layer` is 0 when there is no frame at all."""

    layer: int
    seconds: float
    is_complete: bool  # the walk reached the end, neither stopped by its limit nor lost in bytes that are not sound
    is_silent: bool = False  # every frame is


@dataclass(frozen=True)
class Index:
    """The first frame of many files, which holds figures about the rest instead of sound."""

    frames: int = 0
    delay: int = 0
    padding: int = 0


class Walker:
    def __init__(self, window: Window, start: int, end: int, *, max_leading: int = MAX_JUNK) -> None:
        """`max_leading`: bytes before the first frame that may be no sound."""
        self._window = window
        self._start = sound_start(window, start)
        self._end = sound_end(window, self._start, min(end, window.size))
        self._max_leading = max_leading
        self._junk = self._candidates = 0
        self._free: tuple[tuple[int, int, int], int] | None = None

    def walk(self, longest: float) -> Walk:
        """Add up the frames until the end, or until they exceed `longest` seconds."""
        first: Frame | None = None
        kind = None  # of the previous frame, unless there was something in between
        index: Index | None = None
        frames, seconds, is_silent = 0, 0.0, True
        position: int | None = self._start
        while position is not None and position < self._end and seconds <= longest:
            here = frame(self._window.at(position, 4))
            size = self._size(position, here) if here else 0
            if here is None or not size or (here.kind != kind and not self._is_stream(position)):
                kind = None
                position = self._next(position, is_leading=first is None)
                continue
            begins, position = position, position + size
            kind = here.kind
            if first is None:
                first, index = here, self._index(begins, here)
                if index:
                    continue
            frames += 1
            seconds += here.samples / here.rate
            is_silent = is_silent and here.layer == 3 and is_silent_frame(self._window.at(begins, HEAD), here)
        if first and index:
            seconds -= _trimmed(index, frames) / first.rate
        is_complete = position is not None and seconds <= longest
        return Walk(first.layer if first else 0, max(seconds, 0.0), is_complete, is_silent and is_complete)

    def _is_stream(self, position: int) -> bool:
        """Whether several frames of one kind follow each other from here, or all remaining ones do."""
        kind = None
        for number in range(IN_A_ROW):
            if number and (position == self._end or after_tag(self._window, position)):
                return True
            here = frame(self._window.at(position, 4))
            size = self._size(position, here) if here else 0
            if here is None or not size or kind not in (None, here.kind):
                return False
            kind = here.kind
            position += size
            if position > self._end:
                return number > 0
        return True

    def _next(self, position: int, *, is_leading: bool) -> int | None:
        """Find where sound continues after other bytes; None when the search gives up."""
        after = after_tag(self._window, position)
        if after is not None:
            return after
        limit = self._max_leading if is_leading else MAX_JUNK
        position += 1
        while position < self._end:
            block = self._window.ahead(position)[: self._end - position]
            match = SYNC.search(block)
            step = match.start() if match else max(len(block) - 2, 1)
            position += step
            self._junk += step
            if match and self._is_stream(position):
                return position
            if match:
                position += 1
                self._junk += 1
                self._candidates += 1
            if self._junk > limit or self._candidates > MAX_CANDIDATES:
                return None
        return self._end

    def _size(self, position: int, here: Frame) -> int:
        if here.size:
            return here.size
        if self._free is None or self._free[0] != here.kind:
            self._free = here.kind, self._free_size(position, here)
        size = self._free[1]
        if not size:
            self._free = None
            return 0
        return size + here.padding

    def _free_size(self, position: int, here: Frame) -> int:
        """The frame size in free format, from the distance of three headers, without padding; 0 if unknown."""
        if here.layer != 3:
            return 0  # never seen in practice; what looks like it is UTF-16 text
        block = self._window.at(position, min(2 * MAX_FREE_BYTES + 4, self._end - position))
        distance = block.find(block[:2], 4 + here.side_info)
        while 0 < distance <= MAX_FREE_BYTES:
            second, bare = frame(block[distance : distance + 4]), distance - here.padding
            if second and second.kind == here.kind and not second.size:
                third = frame(block[distance + bare + second.padding :][:4])
                if third and third.kind == here.kind and not third.size:
                    return bare
            distance = block.find(block[:2], distance + 1)
        return 0

    def _index(self, position: int, here: Frame) -> Index | None:
        if here.layer != 3:
            return None
        content = self._window.at(position, here.size or 512)
        if content[36:40] == b"VBRI":
            return Index()
        for begins in (4 + here.side_info, 6 + here.side_info):  # the latter after a checksum
            if content[begins : begins + 4] in (b"Xing", b"Info"):
                return _xing(content[begins:])
        return None


def _xing(content: bytes) -> Index:
    flags = content[7] if len(content) > 7 else 0
    frames = int.from_bytes(content[8:12], "big") if flags & 1 else 0
    encoder = 8 + 4 * (flags & 1) + 2 * (flags & 2) + 25 * (flags & 4) + (flags & 8) // 2
    gaps = int.from_bytes(content[encoder + 21 : encoder + 24], "big")
    if content[encoder : encoder + 4] not in ENCODERS:
        return Index(frames)
    return Index(frames, gaps >> 12, gaps & 0xFFF)


def _trimmed(index: Index, frames: int) -> int:
    """Samples that decoders skip. The padding is at the end, so a truncated file has lost it."""
    if not index.delay:
        return 0
    start = index.delay + DECODER_DELAY
    return max(index.delay + index.padding, start) if frames == index.frames else start
