"""Measure the time and memory for determining the length of a 750 MB upload: `bin/bench recordings`."""

import argparse
import json
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from bench.stopwatch import Stopwatch, peak_megabytes

SIZE = 750 * 1024 * 1024
MP3_HEADER = b"\xff\xfb\x90\xc0"  # MPEG 1, layer III, 44.1 kHz, 128 kbit/s
MP3_FRAME = MP3_HEADER.ljust(417, b"\0")


def wav(file: BinaryIO, size: int) -> None:
    """Write eight channels at 96 kHz and 32 bits: about four minutes."""
    layout = struct.pack("<HHIIHH", 1, 8, 96_000, 96_000 * 32, 32, 32)
    file.write(b"RIFF" + struct.pack("<I", size - 8) + b"WAVEfmt " + struct.pack("<I", 16) + layout)
    file.write(b"data" + struct.pack("<I", size - 44))
    file.truncate(size)


def mp3(file: BinaryIO, size: int) -> None:
    for _ in range(0, size, 417 * 10_000):
        file.write(MP3_FRAME * 10_000)
    file.truncate(size)


def mp3_with_picture(file: BinaryIO, size: int) -> None:
    """Write five minutes of sound after a tag that fills the rest, up to a tag's limit of 256 MB."""
    sound = MP3_FRAME * 11_500
    length = min(size - len(sound), 0x0FFFFFFF) - 10
    file.write(b"ID3\x04\0\0" + bytes(length >> shift & 0x7F for shift in (21, 14, 7, 0)))
    file.seek(length + 10)
    file.write(sound)


def mp3_before(junk: bytes) -> Callable[[BinaryIO, int], None]:
    """Write five minutes of sound, then junk to the end."""

    def write(file: BinaryIO, size: int) -> None:
        file.write(MP3_FRAME * 11_500)
        block = junk * (4_000_000 // len(junk))
        for _ in range(0, size - file.tell(), len(block)):
            file.write(block)
        file.truncate(size)

    return write


def unknown(file: BinaryIO, size: int) -> None:
    for _ in range(0, size, 4_000_000):
        file.write(os.urandom(4_000_000))
    file.truncate(size)


FILES: dict[str, Callable[[BinaryIO, int], None]] = {
    "wav": wav,
    "mp3": mp3,
    "mp3 behind a large tag": mp3_with_picture,
    "mp3, then zeros": mp3_before(b"\0"),
    "mp3, then ones": mp3_before(b"\xff"),
    "mp3, then headers": mp3_before(b"\xff\xfb\x90\0\0"),
    "mp3, then free format": mp3_before(b"\xff\xfb\0" + b" " * 6 + b"\xff\xfb\0" + b" " * 17),
    "random bytes": unknown,
}


def measure(path: str) -> None:
    """Measure one file. Runs in its own process, so that the peak memory is that of one file."""
    from tavusweb.videos.audio_inspection import AudioProblem, inspect

    before, watch = peak_megabytes(), Stopwatch()
    with Path(path).open("rb") as file, watch:
        try:
            facts = inspect(file)
            verdict = f"{facts.extension}, {facts.seconds:.1f} s"
        except AudioProblem as problem:
            verdict = str(problem)
    print(json.dumps([watch.seconds, peak_megabytes() - before, verdict]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bytes", type=int, default=SIZE, help="of each file (750 MB)")
    parser.add_argument("--measure", metavar="FILE", help="measure one file instead")
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.measure)
        return
    print(f"{'file':24}{'seconds':>8}{'MB more':>9}  verdict")
    for name, write in FILES.items():
        with tempfile.NamedTemporaryFile() as file:
            write(file, arguments.bytes)  # type: ignore[arg-type]
            file.flush()
            command = [sys.executable, "-m", "bench.with_django", "bench.recordings", "--measure", file.name]
            done = subprocess.run(command, capture_output=True, check=True, text=True, cwd=Path(__file__).parents[1])
        seconds, memory, verdict = json.loads(done.stdout.splitlines()[-1])
        print(f"{name:24}{seconds:8.2f}{memory:9.1f}  {verdict}", flush=True)


if __name__ == "__main__":
    main()
